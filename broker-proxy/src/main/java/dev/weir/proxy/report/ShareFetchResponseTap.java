package dev.weir.proxy.report;

import dev.weir.proxy.wire.BatchReader;
import dev.weir.proxy.wire.BatchVisitor;
import dev.weir.proxy.wire.Field;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads the response to a share fetch (KIP-932) as it walks by. A member is sent whole batches, and acquires a part of
 * their offsets: what is counted is what it acquires, transaction markers and gaps aside as far as batches show them.
 */
final class ShareFetchResponseTap extends Tap implements BatchVisitor {
    private final ShareReports shares;
    private final TopicTable topics;
    private final BatchReader reader;
    private @Nullable Acknowledgements acknowledged;
    private @Nullable TopicCells topic;
    private @Nullable FlowCell flow;
    private @Nullable PartitionCell partition;
    private long nowMillis;

    // of the partition at hand
    private final OffsetRanges data = new OffsetRanges();
    private long acquiredFirst;
    private long acquiredEnd;
    private long records;
    private long bytes;
    private long batches;

    ShareFetchResponseTap(ShareReports shares, TopicTable topics, BatchReader reader) {
        this.shares = shares;
        this.topics = topics;
        this.reader = reader;
    }

    /** @param sent what the request acknowledged */
    void begin(Acknowledgements sent) {
        acknowledged = sent;
        topic = null;
        flow = null;
        partition = null;
        nowMillis = System.currentTimeMillis();
        open();
    }

    @Override
    void onTopic(String name) {
        endPartition();
        topic = topics.of(name);
        flow = topic == null ? null : topic.consumed();
    }

    @Override
    void onTopic(Uuid id) {
        endPartition();
        topic = topics.of(id);
        flow = topic == null ? null : topic.consumed();
    }

    @Override
    void onNumber(Field field, long value) {
        switch (field) {
            case PARTITION_INDEX -> {
                endPartition();
                partition = topic == null ? null : topic.partition((int) value);
            }
            case ERROR_CODE -> {
                if (value != 0) {
                    error((int) value);
                }
            }
            case ACKNOWLEDGE_ERROR_CODE -> {
                if (value != 0 && acknowledged != null && topic != null && partition != null) {
                    acknowledged.refuse(topic.topic(), partition.partition());
                }
            }
            case ACQUIRED_FIRST_OFFSET -> acquiredFirst = value;
            case ACQUIRED_LAST_OFFSET -> {
                records += data.overlap(acquiredFirst, value + 1);
                acquiredEnd = Math.max(acquiredEnd, value + 1);
            }
            default -> {
                // nothing that is reported
            }
        }
    }

    private void error(int code) {
        if (partition != null && topic != null) {
            topic.readError(code);
        } else if (topic == null && acknowledged != null) {
            acknowledged.refuseAll(); // the request as a whole was
        }
    }

    @Override
    void onRecordsBegin(int lengthBytes) {
        reader.begin(lengthBytes);
    }

    @Override
    void onRecordsChunk(ByteBuf chunk, int index, int lengthBytes) {
        reader.read(chunk, index, lengthBytes, this);
    }

    @Override
    public void batch(
            long baseOffset,
            long lastOffset,
            int count,
            int sizeBytes,
            int attributes,
            long maxTimestampMillis,
            long producerId) {
        PartitionCell cell = partition;
        if (cell == null) {
            return;
        }
        boolean control = (attributes & CONTROL) != 0;
        if (!control) {
            data.add(baseOffset, lastOffset + 1);
        }
        long inBatch = count == UNKNOWN_RECORDS ? 1 : count;
        cell.seen(
                baseOffset,
                lastOffset + 1,
                control ? 0 : inBatch,
                control ? LoopRound.Content.MARKERS : LoopRound.Content.DATA,
                maxTimestampMillis);
        bytes += sizeBytes;
        batches++;
    }

    private void endPartition() {
        PartitionCell cell = partition;
        if (cell != null && (batches > 0 || records > 0)) {
            if (flow != null) {
                flow.add(records, bytes, batches);
            }
            if (acquiredEnd > 0) {
                cell.delivered(acquiredEnd, nowMillis);
            }
        }
        data.clear();
        acquiredEnd = 0;
        records = 0;
        bytes = 0;
        batches = 0;
        partition = null;
    }

    @Override
    void onEnd() {
        endPartition();
        Acknowledgements taken = acknowledged;
        acknowledged = null;
        if (taken != null) {
            shares.taken(taken);
        }
    }
}
