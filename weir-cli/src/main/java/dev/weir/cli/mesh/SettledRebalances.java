package dev.weir.cli.mesh;

import dev.weir.topology.view.GroupLag.Rebalances;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the rebalances of a group in a phase, but for those by which it came up: its members join one after the other, and each is a rebalance or
 * two. It has come up when none came for {@link #REST_MILLIS}. One that finds no rest within {@link #START_MILLIS} is not coming up, and all
 * of them count.
 */
final class SettledRebalances {
    static final long REST_MILLIS = 30_000;
    static final long START_MILLIS = 180_000;

    private SettledRebalances() {}

    /**
     * How many there were.
     *
     * @param sinceMillis when the phase began; -1 where there is none, and all count
     * @return -1 when it is not known, or while the group comes up
     */
    static int count(Rebalances rebalances, long sinceMillis, long nowMillis) {
        if (!rebalances.known() || sinceMillis < 0) {
            return rebalances.since(sinceMillis);
        }
        List<Long> times = new ArrayList<>(rebalances.atMillis());
        if (rebalances.earlierMillis() >= 0) {
            times.add(0, rebalances.earlierMillis());
        }
        int first = 0; // in the phase
        while (first < times.size() && times.get(first) < sinceMillis) {
            first++;
        }
        int counted = times.size() - first;
        if (times.isEmpty() || (first > 0 && sinceMillis - times.get(first - 1) >= REST_MILLIS)) {
            return counted;
        }
        int start = Math.max(0, first - 1);
        while (start > 0 && times.get(start) - times.get(start - 1) < REST_MILLIS) {
            start--;
        }
        int end = start;
        while (end + 1 < times.size() && times.get(end + 1) - times.get(end) < REST_MILLIS) {
            end++;
        }
        if (times.get(end) - times.get(start) >= START_MILLIS) {
            return counted;
        }
        boolean rests = end + 1 < times.size() || nowMillis - times.get(end) >= REST_MILLIS;
        return rests ? times.size() - 1 - end : -1;
    }
}
