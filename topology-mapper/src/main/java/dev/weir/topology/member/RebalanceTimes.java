package dev.weir.topology.member;

import dev.weir.topology.state.v1.BegunEpoch;
import dev.weir.topology.state.v1.MembershipRecord;
import dev.weir.topology.view.GroupLag.Rebalances;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * When a group was rebalanced. All members of it come to the same generations or epochs, each when it has heard of it, by whichever proxy; so each number counts
 * once, at its earliest time. A group that was deleted and made anew begins with small numbers again.
 */
final class RebalanceTimes {
    /** Reports of proxies, and clocks of their machines, may be that far apart: a smaller number is a late one. */
    private static final long LATE_MILLIS = 60_000;

    private RebalanceTimes() {}

    static Rebalances of(Collection<MembershipRecord> members, long nowMillis) {
        List<BegunEpoch> begun = new ArrayList<>();
        boolean known = false;
        for (MembershipRecord member : members) {
            known |= member.getEpoch() > 0;
            begun.addAll(member.getBegunEpochsList());
        }
        if (begun.isEmpty()) {
            return known ? new Rebalances(true, List.of(), 0) : Rebalances.UNKNOWN;
        }
        begun.sort(Comparator.comparingLong(BegunEpoch::getAtMillis).thenComparingInt(BegunEpoch::getEpoch));
        List<Long> times = new ArrayList<>();
        int epoch = 0;
        long sinceMillis = Long.MIN_VALUE;
        for (BegunEpoch next : begun) {
            boolean anew = next.getEpoch() < epoch && next.getAtMillis() - sinceMillis > LATE_MILLIS;
            if (next.getEpoch() > epoch || anew) {
                epoch = next.getEpoch();
                sinceMillis = next.getAtMillis();
                times.add(sinceMillis);
            }
        }
        times.removeIf(at -> at > nowMillis);
        int first = Math.max(0, times.size() - Rebalances.MAX);
        while (first < times.size() && times.get(first) <= nowMillis - Rebalances.KEPT_MILLIS) {
            first++;
        }
        return new Rebalances(true, times.subList(first, times.size()), first == 0 ? -1 : times.get(first - 1));
    }

    /**
     * Adds what a member came to. Of those that are older than an hour its newest one stays: who comes to the same later was not part of a rebalance.
     *
     * @param epochs that it came to by {@code atMillis}
     */
    static void add(MembershipRecord.Builder member, List<Integer> epochs, long atMillis) {
        if (epochs.isEmpty()) {
            return;
        }
        List<BegunEpoch> begun = new ArrayList<>(member.getBegunEpochsList());
        for (int epoch : epochs) {
            BegunEpoch now = BegunEpoch.newBuilder()
                    .setEpoch(epoch)
                    .setAtMillis(atMillis)
                    .build();
            if (!begun.contains(now)) {
                begun.add(now);
            }
        }
        begun.sort(Comparator.comparingLong(BegunEpoch::getAtMillis).thenComparingInt(BegunEpoch::getEpoch));
        long newestMillis = begun.get(begun.size() - 1).getAtMillis();
        int first = Math.max(0, begun.size() - Rebalances.MAX);
        while (begun.get(first).getAtMillis() <= newestMillis - Rebalances.KEPT_MILLIS) {
            first++;
        }
        member.clearBegunEpochs().addAllBegunEpochs(begun.subList(first, begun.size()));
    }
}
