package dev.weir.proxy.report;

import java.util.Arrays;

/**
 * What a canary left of one partition's records in one answer, as far as the batches that go down do not say it themselves. Written once, in the
 * order of the batches, then read once in that order, on the event loop.
 */
public final class SharedRecords {
    private static final int ENTRY = 3;

    private final String topic;
    private final int partition;
    /** Of each batch that is not what it was: its last offset, the one after the last record that is left, how many records it had. */
    private long[] batches = new long[0];

    private int size;
    private int at;

    public SharedRecords(String topic, int partition) {
        this.topic = topic;
        this.partition = partition;
    }

    boolean isOf(String otherTopic, int otherPartition) {
        return partition == otherPartition && topic.equals(otherTopic);
    }

    /**
     * Records were taken out of a batch, or it ends with a gap.
     *
     * @param lastOffset of the batch, which it keeps
     * @param leftEnd the offset after the last record that is left in it; -1 for none
     * @param records how many it had
     */
    public void changed(long lastOffset, long leftEnd, int records) {
        if (size == batches.length) {
            batches = Arrays.copyOf(batches, Math.max(4 * ENTRY, 2 * size));
        }
        batches[size] = lastOffset;
        batches[size + 1] = leftEnd;
        batches[size + 2] = records;
        size += ENTRY;
    }

    /** Moves on to a batch; whether it is one that was changed. */
    public boolean isChanged(long lastOffset) {
        while (at < size && batches[at] < lastOffset) {
            at += ENTRY;
        }
        return at < size && batches[at] == lastOffset;
    }

    /** Of the batch that was asked for last, and was changed. */
    public long leftEnd() {
        return batches[at + 1];
    }

    /** How many records the batch has in the log; as {@link #leftEnd()}. */
    public long records() {
        return batches[at + 2];
    }
}
