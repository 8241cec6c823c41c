package dev.weir.topology.mirror;

import dev.weir.topology.history.Grid;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The last hour of one edge of a mirror, in slots of ten seconds. Not thread-safe. */
final class MirrorSlots {
    static final long SLOT_KEEP_MILLIS = 75 * 60_000L;

    private final NavigableMap<Long, MirrorCounts> slots = new TreeMap<>();

    /** Counts into the slots of a time, in proportion; what is older than is kept goes to none. */
    void add(long fromMillis, long toMillis, MirrorCounts counts) {
        if (counts.isNone()) {
            return;
        }
        double length = Math.max(1, toMillis - fromMillis);
        long at = Math.max(fromMillis, toMillis - SLOT_KEEP_MILLIS);
        MirrorCounts counted = counts.part((at - fromMillis) / length);
        do {
            long slot = Grid.FINE.slotStart(at);
            at = Math.min(toMillis, slot + Grid.FINE.stepMillis());
            MirrorCounts until = at >= toMillis ? counts : counts.part((at - fromMillis) / length);
            slots.merge(slot, until.minus(counted), MirrorCounts::plus);
            counted = until;
        } while (at < toMillis);
    }

    /** Of the slots that begin at a time or later, and before another. */
    MirrorCounts sum(long fromMillis, long untilMillis) {
        MirrorCounts sum = MirrorCounts.NONE;
        for (MirrorCounts slot : slots.subMap(fromMillis, untilMillis).values()) {
            sum = sum.plus(slot);
        }
        return sum;
    }

    void dropOld(long nowMillis) {
        slots.headMap(nowMillis - SLOT_KEEP_MILLIS).clear();
    }
}
