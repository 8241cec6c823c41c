package dev.weir.proxy.report;

import java.util.Arrays;

/** Ranges of offsets in the order of the log, neighbours joined. Not safe for more than one thread. */
final class OffsetRanges {
    private static final int KEPT_MAX = 64;

    private long[] bounds = new long[8];
    private int size;

    /** Adds offsets from the first up to, and without, the end; none before those that are there. */
    void add(long first, long end) {
        if (size > 0 && bounds[size - 1] == first) {
            bounds[size - 1] = end;
            return;
        }
        if (size == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * size);
        }
        bounds[size++] = first;
        bounds[size++] = end;
    }

    /** How many of the offsets from the first up to, and without, the end are in one of the ranges. */
    long overlap(long first, long end) {
        long sum = 0;
        for (int i = 0; i < size; i += 2) {
            sum += Math.max(0, Math.min(end, bounds[i + 1]) - Math.max(first, bounds[i]));
        }
        return sum;
    }

    void clear() {
        size = 0;
        if (bounds.length > KEPT_MAX) {
            bounds = new long[8];
        }
    }
}
