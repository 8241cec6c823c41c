package dev.weir.proxy.rule;

import dev.weir.policy.decide.CanaryMember;
import dev.weir.proxy.canary.ClusterCanaries;
import dev.weir.proxy.report.SharedRecords;
import java.util.ArrayList;
import java.util.List;

/** What rules have at hand for one response with records, and what they say of it. One thread at a time. */
final class FetchScope {
    private final RuleScope rules;
    private final List<SideTally> tallies = new ArrayList<>(0);
    private final List<SharedRecords> shared = new ArrayList<>(0);
    private boolean withheld;

    FetchScope(RuleScope rules) {
        this.rules = rules;
    }

    RuleScope rules() {
        return rules;
    }

    ClusterCanaries canaries() {
        return rules.canaries();
    }

    /** Begins anew: nothing is withheld. */
    void begin() {
        withheld = false;
        shared.clear();
        tallies.forEach(SideTally::begin);
    }

    /** What becomes of what a member of a canary gets by this response. */
    SideTally tally(CanaryMember member) {
        String canary = member.canary().name();
        for (SideTally tally : tallies) {
            if (tally.isOf(canary, member.side())) {
                return tally;
            }
        }
        SideTally tally =
                new SideTally(canary, member.side(), rules.metrics().canaries().side(canary, member.side()));
        tallies.add(tally);
        return tally;
    }

    /** A canary has left some of a partition's records, or all. */
    void shared(SharedRecords left) {
        shared.add(left);
    }

    /** In the order of the response. */
    List<SharedRecords> shared() {
        return shared;
    }

    /**
     * The response goes down.
     *
     * @param nanos since it had come
     */
    void delivered(long nanos) {
        tallies.forEach(tally -> tally.delivered(nanos));
    }

    /** Records were left out that the client will get, only not now: it is to ask again. */
    void withhold() {
        withheld = true;
    }

    boolean isWithheld() {
        return withheld;
    }
}
