package dev.weir.proxy.rule;

import dev.weir.canary.Buckets;
import dev.weir.canary.Ownership;
import dev.weir.canary.Side;
import dev.weir.canary.Verdict;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.batch.RecordReader;
import org.jspecify.annotations.Nullable;

/** Chooses the records of one partition that a side of a canary owns. One thread. */
final class SideSelection implements RecordFilter.Selection {
    private final Side side;
    private final Ownership ownership;
    private final Buckets buckets;
    private final int partition;
    private final int bucketOfAll;
    private long waitsFrom = Long.MAX_VALUE;

    SideSelection(Side side, Ownership ownership, Buckets buckets, int partition) {
        this.side = side;
        this.ownership = ownership;
        this.buckets = buckets;
        this.partition = partition;
        this.bucketOfAll = buckets.bucketOfAll(partition);
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
        Verdict all = ownership.verdictOfAll(side, firstOffset, lastOffset, bucketOfAll);
        return all == null ? null : choice(all, firstOffset);
    }

    @Override
    public RecordFilter.Choice choose(long offset, RecordReader record) {
        return choice(ownership.verdict(side, offset, buckets.bucket(partition, offset, record)), offset);
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
