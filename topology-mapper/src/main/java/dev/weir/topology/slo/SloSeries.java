package dev.weir.topology.slo;

import dev.weir.topology.state.v1.PendingAges;
import dev.weir.topology.state.v1.SloBlock;
import java.util.TreeMap;

/**
 * Good and bad records by the time of their append, judged by one objective at one moment. Good are those that were
 * committed in time; bad are those committed late, those deleted before, and those that are pending beyond their time.
 */
final class SloSeries {
    private final long nowMillis;
    private final long withinMillis;
    private final long fineSinceMillis;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();

    private static final class Slot {
        private final long millis;
        private double good;
        private double bad;

        Slot(long millis) {
            this.millis = millis;
        }
    }

    /** Counts, not whole, as slots are cut where a window begins or ends. */
    record Sum(double good, double bad) {
        double badShare() {
            return good + bad < 0.5 ? -1 : bad / (good + bad);
        }
    }

    SloSeries(long nowMillis, long withinMillis) {
        this.nowMillis = nowMillis;
        this.withinMillis = withinMillis;
        long hour = SloTier.COARSE.slotMillis();
        this.fineSinceMillis = nowMillis - nowMillis % hour - 24 * hour;
    }

    /** Fine slots for the last day, coarse ones for what is older. */
    void add(SloBlock block, String group) {
        boolean coarse = SloTier.ofSlot(block.getSlotMillis()) == SloTier.COARSE;
        for (SloBlock.GroupSlots slotsOfGroup : block.getGroupsList()) {
            if (!slotsOfGroup.getGroup().equals(group)) {
                continue;
            }
            for (SloBlock.Slot state : slotsOfGroup.getSlotsList()) {
                long start = block.getStartMillis() + state.getIndex() * block.getSlotMillis();
                if (coarse == start < fineSinceMillis && start <= nowMillis) {
                    Slot slot = slots.computeIfAbsent(start, ignored -> new Slot(block.getSlotMillis()));
                    for (int i = 0; i < state.getBucketsCount(); i++) {
                        double good = state.getRecords(i) * DelayBuckets.shareWithin(state.getBuckets(i), withinMillis);
                        slot.good += good;
                        slot.bad += state.getRecords(i) - good;
                    }
                }
            }
        }
    }

    /** Those that are overdue are bad, and the others are not judged yet; what was committed is judged as it was. */
    void add(PendingAges pending) {
        long dueMillis = nowMillis - withinMillis;
        for (int i = 0; i < pending.getRecordsCount(); i++) {
            long from = pending.getFromMillis(i);
            long to = pending.getToMillis(i);
            double records = pending.getRecords(i);
            long committed = i < pending.getCommittedMillisCount() ? pending.getCommittedMillis(i) : 0;
            if (committed > 0) {
                double late = shareBefore(committed - withinMillis, from, to);
                spread(from, to, records * (1 - late), records * late);
                continue;
            }
            if (to > dueMillis && to > from) {
                records *= shareBefore(dueMillis, from, to);
                to = Math.max(from, Math.min(to, dueMillis));
            }
            if (from <= dueMillis && records > 0) {
                spread(from, to, 0, records);
            }
        }
    }

    private static double shareBefore(long millis, long from, long to) {
        return to == from ? (from < millis ? 1 : 0) : Math.max(0, Math.min(1, (double) (millis - from) / (to - from)));
    }

    private void spread(long from, long to, double good, double bad) {
        for (long start = slotStart(from); start <= to; ) {
            long end = start + slotMillis(start);
            double share = to == from ? 1 : (double) (Math.min(to, end) - Math.max(from, start)) / (to - from);
            long slotMillis = slotMillis(start);
            Slot slot = slots.computeIfAbsent(start, ignored -> new Slot(slotMillis));
            slot.good += good * share;
            slot.bad += bad * share;
            start = end;
        }
    }

    private long slotMillis(long millis) {
        return millis < fineSinceMillis ? SloTier.COARSE.slotMillis() : SloTier.FINE.slotMillis();
    }

    private long slotStart(long millis) {
        return millis - millis % slotMillis(millis);
    }

    /**
     * Records that came due in the last so many milliseconds. Of a slot that the window cuts, a share is taken; of the
     * newest, all that is bad, as it was due already; and of one that is still filled, all.
     */
    Sum sum(long windowMillis) {
        long until = nowMillis - withinMillis;
        long since = until - windowMillis;
        double good = 0;
        double bad = 0;
        for (var entry : slots.headMap(until, true).entrySet()) {
            Slot slot = entry.getValue();
            long start = entry.getKey();
            long end = Math.min(start + slot.millis, nowMillis);
            if (end <= since) {
                continue;
            }
            double before = end <= start ? 0 : Math.max(0.0, (double) (since - start) / (end - start));
            boolean filling = start + slot.millis > nowMillis;
            double after = filling || end <= until ? 0 : (double) (end - until) / Math.max(1, end - start);
            good += slot.good * Math.max(0, 1 - before - after);
            bad += slot.bad * (1 - before);
        }
        return new Sum(good, bad);
    }

    /** Of one five-minute slot of the last day. */
    Sum at(long startMillis) {
        Slot slot = slots.get(startMillis);
        return slot == null ? new Sum(0, 0) : new Sum(slot.good, slot.bad);
    }

    /** When the oldest record that is known was appended, to the slot; now when there is none. */
    long sinceMillis() {
        return slots.isEmpty() ? nowMillis : Math.min(nowMillis, slots.firstKey());
    }
}
