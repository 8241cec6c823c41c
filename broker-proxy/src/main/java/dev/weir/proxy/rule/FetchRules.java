package dev.weir.proxy.rule;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.PolicySnapshot;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;

/** The list of all rules on records that are fetched. Immutable; any thread. */
public final class FetchRules {
    private final List<FetchRule> rules;

    private FetchRules(List<FetchRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** All of them, in the order in which records go through: what a client does not get, nobody needs to look at. */
    public static FetchRules all(SigningKeys keys) {
        return new FetchRules(List.of(new CanaryRule(), new OriginRule(keys)));
    }

    /** Whether there is work for any rule. */
    public boolean areUsed(PolicySnapshot policy, Canaries canaries) {
        for (int i = 0; i < rules.size(); i++) { // no iterator: it is asked for each fetch
            if (rules.get(i).isUsed(policy, canaries)) {
                return true;
            }
        }
        return false;
    }

    /** Whether records of any of the topics have to go through a rule. */
    public boolean concern(RecordRead.Reader reader, Collection<String> topics) {
        for (String topic : topics) {
            if (concern(reader, topic)) {
                return true;
            }
        }
        return false;
    }

    private boolean concern(RecordRead.Reader reader, String topic) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).concerns(reader, topic)) {
                return true;
            }
        }
        return false;
    }

    /**
     * What there is to do for a response.
     *
     * @param response of Fetch or ShareFetch; its records are views of what it was decoded from
     */
    public RuledFetch on(
            ApiMessage response, FetchedPartition.Topics topics, RecordRead.Reader reader, RuleScope scope) {
        RuledFetch work = new RuledFetch(rules, scope);
        for (FetchedPartition partition : FetchedPartition.all(response, topics)) {
            RecordRead read = new RecordRead(
                    reader, partition.topic(), partition.topicId(), partition.index(), partition.isShared());
            if (concern(reader, read.topic())) {
                work.add(partition, read, loopBytesMax(reader, read.topic()));
            } else {
                work.bringsOthers();
            }
        }
        return work;
    }

    private int loopBytesMax(RecordRead.Reader reader, String topic) {
        int bytesMax = Integer.MAX_VALUE;
        for (FetchRule rule : rules) {
            if (rule.concerns(reader, topic)) {
                bytesMax = Math.min(bytesMax, rule.loopBytesMax(reader, topic));
            }
        }
        return bytesMax;
    }
}
