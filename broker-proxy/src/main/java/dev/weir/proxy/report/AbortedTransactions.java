package dev.weir.proxy.report;

import java.util.Arrays;

/**
 * The transactions that a broker says were aborted in a partition that it answers with (KIP-98), in the order in which
 * they began. One of a producer is followed by the next once its marker has gone by. Not safe for more than one thread.
 */
final class AbortedTransactions {
    /** What is beyond it is taken for data. */
    private static final int TRANSACTIONS_MAX = 4_096;

    private static final int KEPT_MAX = 64;

    private long[] producerIds = new long[4];
    private long[] firstOffsets = new long[4];
    private int size;

    void add(long producerId, long firstOffset) {
        if (size == TRANSACTIONS_MAX) {
            return;
        }
        if (size == producerIds.length) {
            producerIds = Arrays.copyOf(producerIds, 2 * size);
            firstOffsets = Arrays.copyOf(firstOffsets, 2 * size);
        }
        producerIds[size] = producerId;
        firstOffsets[size] = firstOffset;
        size++;
    }

    /** Whether what a producer wrote at an offset belongs to one of them. */
    boolean holds(long producerId, long offset) {
        return find(producerId, offset) >= 0;
    }

    /** The marker of a producer's transaction was at an offset. */
    void ended(long producerId, long offset) {
        int at = find(producerId, offset);
        if (at >= 0) {
            size--;
            System.arraycopy(producerIds, at + 1, producerIds, at, size - at);
            System.arraycopy(firstOffsets, at + 1, firstOffsets, at, size - at);
        }
    }

    private int find(long producerId, long offset) {
        for (int i = 0; i < size; i++) {
            if (producerIds[i] == producerId && firstOffsets[i] <= offset) {
                return i;
            }
        }
        return -1;
    }

    void clear() {
        size = 0;
        if (producerIds.length > KEPT_MAX) {
            producerIds = new long[4];
            firstOffsets = new long[4];
        }
    }
}
