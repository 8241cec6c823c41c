package dev.weir.topology.history;

import java.util.Arrays;

/** Counts by a number, for few different numbers: two arrays, in order. Not thread-safe. */
public final class SparseCounts {
    private int[] keys = new int[4];
    private long[] counts = new long[4];
    private int size;

    public void add(int key, long count) {
        int at = size > 0 && keys[size - 1] < key ? -size - 1 : Arrays.binarySearch(keys, 0, size, key);
        if (at >= 0) {
            counts[at] += count;
            return;
        }
        at = -at - 1;
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        keys[at] = key;
        counts[at] = count;
        size++;
    }

    public void add(SparseCounts other) {
        for (int i = 0; i < other.size; i++) {
            add(other.keys[i], other.counts[i]);
        }
    }

    public int size() {
        return size;
    }

    public int key(int index) {
        return keys[index];
    }

    public long count(int index) {
        return counts[index];
    }

    public long total() {
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += counts[i];
        }
        return total;
    }

    /** The key below or at which a share of all counts is, 0 to 1; -1 when there are none. */
    public int quantile(double share) {
        long rank = (long) Math.ceil(share * total());
        long before = 0;
        for (int i = 0; i < size; i++) {
            before += counts[i];
            if (before >= rank) {
                return keys[i];
            }
        }
        return -1;
    }
}
