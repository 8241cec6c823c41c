package dev.weir.proxy.report;

import org.apache.kafka.common.Uuid;

/**
 * A partition of a produce request of which some records went elsewhere. What is left was appended at an offset that the
 * client is not told, and reports are. Event loop only, once it is made.
 */
public final class TakenOut {
    private static final long NOWHERE = -1;

    private final String topic;
    private final Uuid topicId;
    private final int partition;
    private final int recordsLeft;
    private final int bytesLeft;
    private long baseOffset = NOWHERE;

    /** @param topicId {@link Uuid#ZERO_UUID} where it is not known */
    public TakenOut(String topic, Uuid topicId, int partition, int recordsLeft, int bytesLeft) {
        this.topic = topic;
        this.topicId = topicId;
        this.partition = partition;
        this.recordsLeft = recordsLeft;
        this.bytesLeft = bytesLeft;
    }

    /** Whether a message that names its topic in one way or the other means this one. */
    public boolean isOf(String name, Uuid id) {
        return id.equals(Uuid.ZERO_UUID) ? topic.equals(name) : topicId.equals(id);
    }

    public int partition() {
        return partition;
    }

    /** How many records went to the partition itself. */
    public int recordsLeft() {
        return recordsLeft;
    }

    int bytesLeft() {
        return bytesLeft;
    }

    /** Where the broker appended what is left. */
    public void appendedAt(long offset) {
        baseOffset = offset;
    }

    /** -1 where it did not. */
    long baseOffset() {
        return baseOffset;
    }
}
