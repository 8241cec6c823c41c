package dev.weir.canary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who owns the records of one partition: its offsets cut into stretches, with a weight each. Immutable; any thread; asked for every
 * record, it allocates nothing.
 */
public final class Ownership {
    private final PartitionRef partition;
    /** First offset of each stretch, ascending. Before the first, all is the stable side's. */
    private final long[] fences;

    private final int[] weights;
    private final long[] epochs;
    /** Whether keys that are the other side's in the stretch before are held back. */
    private final boolean[] closed;

    private Ownership(PartitionRef partition, List<Epoch> stretches, Set<Long> handedOver) {
        this.partition = partition;
        int count = stretches.size();
        fences = new long[count];
        weights = new int[count];
        epochs = new long[count];
        closed = new boolean[count];
        int before = 0;
        for (int i = 0; i < count; i++) {
            Epoch epoch = stretches.get(i);
            fences[i] = epoch.fence(partition);
            weights[i] = epoch.weight().basisPoints();
            epochs[i] = epoch.number();
            closed[i] = epoch.handover() == Handover.ORDERED
                    && weights[i] != before
                    && fences[i] > 0
                    && !handedOver.contains(epoch.number());
            before = weights[i];
        }
    }

    static Ownership of(PartitionRef partition, List<Epoch> epochs, Set<Long> handedOver) {
        List<Epoch> stretches = new ArrayList<>();
        for (Epoch epoch : epochs) {
            // an epoch that ended where it began has no records; nor has what a log lost, and wrote anew
            stretches.removeIf(earlier -> earlier.fence(partition) >= epoch.fence(partition));
            stretches.add(epoch);
        }
        return new Ownership(partition, stretches, handedOver);
    }

    /** The side that owns a record, whether or not it gets it yet. */
    public Side owner(long offset, int bucket) {
        int stretch = stretch(offset);
        return stretch < 0 ? Side.STABLE : owner(bucket, weights[stretch]);
    }

    /** What a record is to a side. */
    public Verdict verdict(Side side, long offset, int bucket) {
        int stretch = stretch(offset);
        Side owner = stretch < 0 ? Side.STABLE : owner(bucket, weights[stretch]);
        if (owner != side) {
            return Verdict.OTHERS;
        }
        for (int i = stretch; i >= 0; i--) {
            Side before = i == 0 ? Side.STABLE : owner(bucket, weights[i - 1]);
            if (before != side) {
                return closed[i] ? Verdict.WAIT : Verdict.MINE;
            }
        }
        return Verdict.MINE;
    }

    /**
     * What all records of some offsets are to a side.
     *
     * @param last the last of them, at or after {@code first}
     * @param bucket that all of them have, or {@link Buckets#BY_RECORD}
     * @return {@code null} when it depends on the record
     */
    public @Nullable Verdict verdictOfAll(Side side, long first, long last, int bucket) {
        int stretch = stretch(first);
        if (stretch != stretch(last)) {
            return null;
        }
        return bucket == Buckets.BY_RECORD ? verdictOfAnyBucket(side, stretch) : verdict(side, first, bucket);
    }

    private @Nullable Verdict verdictOfAnyBucket(Side side, int stretch) {
        if (stretch < 0) {
            return side == Side.STABLE ? Verdict.MINE : Verdict.OTHERS;
        }
        if (weights[stretch] != 0) {
            return null; // also of 100%: a canary by match owns no more than what matches
        }
        if (side == Side.CANARY) {
            return Verdict.OTHERS;
        }
        for (int i = 0; i <= stretch; i++) {
            if (closed[i]) {
                return null;
            }
        }
        return Verdict.MINE;
    }

    /**
     * From where on a side owns records of a bucket, whether or not it gets them yet.
     *
     * @param from where to begin
     * @return at or after {@code from}; {@link Long#MAX_VALUE} for nowhere
     */
    public long firstOwned(Side side, long from, int bucket) {
        if (owner(from, bucket) == side) {
            return from;
        }
        for (int i = stretch(from) + 1; i < fences.length; i++) {
            if (owner(bucket, weights[i]) == side) {
                return fences[i];
            }
        }
        return Long.MAX_VALUE;
    }

    /** What is held back here, and what for. */
    public List<Gate> gates() {
        List<Gate> gates = new ArrayList<>();
        for (int i = 0; i < closed.length; i++) {
            if (closed[i]) {
                boolean toCanary = weights[i] > (i == 0 ? 0 : weights[i - 1]);
                gates.add(new Gate(partition, epochs[i], fences[i], toCanary ? Side.STABLE : Side.CANARY));
            }
        }
        return gates;
    }

    /** The offset from which on the canary has ever owned a record; -1 when it never did. */
    public long firstOfCanary() {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                return fences[i];
            }
        }
        return -1;
    }

    private static Side owner(int bucket, int basisPoints) {
        return bucket < basisPoints ? Side.CANARY : Side.STABLE;
    }

    private int stretch(long offset) {
        int found = Arrays.binarySearch(fences, offset);
        return found >= 0 ? found : -found - 2;
    }
}
