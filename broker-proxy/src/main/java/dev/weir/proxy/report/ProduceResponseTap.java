package dev.weir.proxy.report;

import dev.weir.proxy.wire.Field;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Matches the partitions of a produce response with what was sent to them. */
final class ProduceResponseTap extends Tap {
    private final TopicTable topics;
    private final ProduceReports requests;
    private final RequestSpans spans;
    private @Nullable ProduceSent request;
    private @Nullable TopicCells topic;
    private @Nullable PartitionCell partition;
    private int errorCode;
    private long nowMillis;

    ProduceResponseTap(TopicTable topics, ProduceReports requests, RequestSpans spans) {
        this.topics = topics;
        this.requests = requests;
        this.spans = spans;
    }

    void begin(ProduceSent answered) {
        request = answered;
        topic = null;
        partition = null;
        nowMillis = System.currentTimeMillis();
        open();
    }

    @Override
    void onTopic(String name) {
        topic = topics.of(request == null ? name : request.toBroker(name));
    }

    @Override
    void onTopic(Uuid id) {
        topic = topics.of(id);
    }

    @Override
    void onNumber(Field field, long value) {
        switch (field) {
            case PARTITION_INDEX -> {
                partition = topic == null ? null : topic.partition((int) value);
                errorCode = 0;
            }
            case ERROR_CODE -> errorCode = (int) value;
            case BASE_OFFSET -> answered(value);
            case LOG_START_OFFSET -> {
                if (partition != null && value >= 0) {
                    partition.logStartOffset(value);
                }
            }
            default -> {
                // nothing that is reported
            }
        }
    }

    private void answered(long toldOffset) {
        PartitionCell cell = partition;
        ProduceSent sent = request;
        ProducedPartition produced = cell == null || sent == null ? null : cell.answered(sent);
        if (produced == null || cell == null || sent == null || produced.flow == null) {
            return;
        }
        produced.cell = null;
        long baseOffset = produced.appendedAt(toldOffset);
        if (produced.batch != null) {
            spans.produced(sent, produced, errorCode, baseOffset);
        }
        if (errorCode != 0) {
            produced.flow.error(errorCode);
            return;
        }
        produced.flow.add(produced.records, produced.bytes, produced.batches);
        if (baseOffset >= 0 && produced.records > 0) {
            cell.appended(
                    baseOffset,
                    baseOffset + produced.records,
                    Math.min(sent.sentMillis, nowMillis),
                    nowMillis,
                    produced.transactional,
                    produced.records);
        }
    }

    @Override
    void onEnd() {
        ProduceSent done = request;
        request = null;
        if (done != null) {
            requests.done(done);
        }
    }
}
