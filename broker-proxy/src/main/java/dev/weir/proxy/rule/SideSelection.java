package dev.weir.proxy.rule;

import dev.weir.canary.Buckets;
import dev.weir.canary.Ownership;
import dev.weir.canary.Side;
import dev.weir.canary.Verdict;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.report.SharedRecords;
import org.jspecify.annotations.Nullable;

/** Chooses the records of one partition that a side of a canary owns, and notes for reports what batches do not say of it. One thread. */
final class SideSelection implements RecordFilter.Selection {
    private static final long NONE = -1;

    private final Side side;
    private final Ownership ownership;
    private final Buckets buckets;
    private final int partition;
    private final int bucketOfAll;
    private final SharedRecords left;
    /** The offset after the last record of the batch at hand that was chosen by itself; {@link #NONE} for none. */
    private long chosenEnd = NONE;

    private long waitsFrom = Long.MAX_VALUE;

    /** @param left where it is noted what is left of batches */
    SideSelection(Side side, Ownership ownership, Buckets buckets, int partition, SharedRecords left) {
        this.side = side;
        this.ownership = ownership;
        this.buckets = buckets;
        this.partition = partition;
        this.bucketOfAll = buckets.bucketOfAll(partition);
        this.left = left;
    }

    /** Whether it met a record that the other side has to hand over first. */
    boolean isWaiting() {
        return waitsFrom != Long.MAX_VALUE;
    }

    /** The offset at which it met a record that the other side has to hand over first; {@link Long#MAX_VALUE} for none. */
    long waitsFrom() {
        return waitsFrom;
    }

    @Override
    public RecordFilter.@Nullable Choice chooseAll(long firstOffset, long lastOffset) {
        chosenEnd = NONE;
        Verdict all = ownership.verdictOfAll(side, firstOffset, lastOffset, bucketOfAll);
        return all == null ? null : choice(all, firstOffset);
    }

    @Override
    public RecordFilter.Choice choose(long offset, RecordReader record) {
        RecordFilter.Choice choice =
                choice(ownership.verdict(side, offset, buckets.bucket(partition, offset, record)), offset);
        if (choice == RecordFilter.Choice.KEEP) {
            chosenEnd = offset + 1;
        }
        return choice;
    }

    @Override
    public void goesOn(long lastOffset, int records, boolean whole) {
        if (!whole || (chosenEnd != NONE && chosenEnd <= lastOffset)) {
            left.changed(lastOffset, chosenEnd, records);
        }
    }

    private RecordFilter.Choice choice(Verdict verdict, long offset) {
        return switch (verdict) {
            case MINE -> RecordFilter.Choice.KEEP;
            case OTHERS -> RecordFilter.Choice.DROP;
            case WAIT -> {
                waitsFrom = Math.min(waitsFrom, offset);
                yield RecordFilter.Choice.STOP;
            }
        };
    }
}
