package dev.weir.proxy.report;

import dev.weir.proxy.trace.BatchCapture;
import dev.weir.proxy.wire.BatchReader;
import dev.weir.proxy.wire.BatchVisitor;
import dev.weir.proxy.wire.Field;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Reads a produce request as it walks by: records, bytes and batches of each partition. */
final class ProduceRequestTap extends Tap implements BatchVisitor {
    private final TopicTable topics;
    private final BatchReader reader;
    private final @Nullable BatchCapture capture;
    private @Nullable ProduceSent request;
    private @Nullable String topic;
    private @Nullable Uuid topicId;
    private @Nullable ProducedPartition current;

    ProduceRequestTap(TopicTable topics, BatchReader reader, @Nullable BatchCapture capture) {
        this.topics = topics;
        this.reader = reader;
        this.capture = capture;
    }

    void begin(ProduceSent next) {
        request = next;
        topic = null;
        topicId = null;
        current = null;
        open();
    }

    @Override
    void onTopic(String name) {
        topic = request == null ? name : request.toBroker(name);
    }

    @Override
    void onTopic(Uuid id) {
        topic = topics.name(id);
        topicId = id;
    }

    @Override
    void onNumber(Field field, long value) {
        ProduceSent into = request;
        if (field == Field.PARTITION_INDEX && into != null) {
            current = into.add(topic, topicId, (int) value);
        }
    }

    @Override
    void onRecordsBegin(int lengthBytes) {
        reader.begin(lengthBytes);
        if (capture != null && current != null) {
            current.batch = capture.begin(lengthBytes, System.nanoTime());
        }
    }

    @Override
    void onRecordsChunk(ByteBuf chunk, int index, int lengthBytes) {
        reader.read(chunk, index, lengthBytes, this);
        if (capture != null) {
            capture.add(chunk, index, lengthBytes);
        }
    }

    @Override
    public void batch(
            long baseOffset,
            long lastOffset,
            int records,
            int sizeBytes,
            int attributes,
            long maxTimestampMillis,
            long producerId) {
        ProducedPartition into = current;
        if (into == null || (attributes & CONTROL) != 0) {
            return; // only brokers write markers: this one will be refused
        }
        // producers number the messages of a compressed set from 0, so the wrapper's offset is that of the last
        into.records += records == UNKNOWN_RECORDS ? Math.max(1, lastOffset + 1) : records;
        into.bytes += sizeBytes;
        into.batches++;
        into.transactional |= (attributes & TRANSACTIONAL) != 0;
    }
}
