package dev.weir.proxy.rule;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.registry.SchemaRegistries;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.jspecify.annotations.Nullable;

/** The list of all rules on records that are written. Immutable; any thread. */
public final class RequestRules {
    /** The first that produces record batches with a topic id in place of a name (KIP-516). */
    private static final short TOPIC_IDS_VERSION = 13;

    private final List<RequestRule> rules;
    private final SchemaRegistries registries;

    private RequestRules(List<RequestRule> rules, SchemaRegistries registries) {
        this.rules = List.copyOf(rules);
        this.registries = registries;
    }

    /** All of them, in the order in which records go through: what looks at them comes before what changes them. */
    public static RequestRules all(SigningKeys keys, SchemaRegistries registries) {
        return new RequestRules(List.of(new SchemaGuardRule(registries), new IdentityRule(keys)), registries);
    }

    /** Whether the policy has work for any rule. */
    public boolean areUsed(PolicySnapshot policy) {
        for (int i = 0; i < rules.size(); i++) { // no iterator: it is asked for each produce request
            if (rules.get(i).isUsed(policy)) {
                return true;
            }
        }
        return false;
    }

    /** Whether records for the topic have to go through a rule. */
    boolean concern(PolicySnapshot policy, String topic) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).concerns(policy, topic)) {
                return true;
            }
        }
        return false;
    }

    /** Whether all rules that concern a topic's records can see in passing that there is nothing to do. */
    boolean lookInPassing(PolicySnapshot policy, String topic) {
        for (int i = 0; i < rules.size(); i++) {
            RequestRule rule = rules.get(i);
            if (rule.concerns(policy, topic) && !rule.looksInPassing(policy, topic)) {
                return false;
            }
        }
        return true;
    }

    /** Follows the records of one client. */
    public PassingRecords passing() {
        return new PassingRecords(this, registries);
    }

    private int loopBytesMax(PolicySnapshot policy, String topic) {
        int bytesMax = Integer.MAX_VALUE;
        for (int i = 0; i < rules.size(); i++) {
            bytesMax = Math.min(bytesMax, rules.get(i).loopBytesMax(policy, topic));
        }
        return bytesMax;
    }

    /**
     * What there is to do for a request.
     *
     * @param request what goes on of it, of what its client may write
     * @return {@code null} for nothing
     */
    public @Nullable RuledProduce on(
            ProduceRequestData request, RequestContext context, RecordWrite.Writer writer, RuleScope scope) {
        RuledProduce work = null;
        for (TopicProduceData topic : request.topicData()) {
            boolean byId = context.apiVersion() >= TOPIC_IDS_VERSION;
            String name = byId ? context.topicName(topic.topicId()) : topic.name();
            if (name != null && concern(writer.policy(), name)) {
                work = work == null ? new RuledProduce(request, rules, scope, context.policyToken()) : work;
                int loopBytesMax = loopBytesMax(writer.policy(), name);
                Uuid id = byId ? topic.topicId() : context.topicId(name);
                if (id == null) {
                    context.topicMissed();
                }
                for (PartitionProduceData partition : topic.partitionData()) {
                    work.add(
                            topic,
                            partition,
                            new RecordWrite(writer, name, id == null ? Uuid.ZERO_UUID : id, partition.index()),
                            loopBytesMax);
                }
            }
        }
        return work;
    }
}
