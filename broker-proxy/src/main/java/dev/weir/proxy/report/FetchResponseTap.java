package dev.weir.proxy.report;

import dev.weir.proxy.trace.BatchCapture;
import dev.weir.proxy.wire.BatchReader;
import dev.weir.proxy.wire.BatchVisitor;
import dev.weir.proxy.wire.Field;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Reads a fetch response as it walks by: how far each partition's log goes, and what is delivered of it. A client that
 * reads committed data is told which transactions were aborted (KIP-98), and steps over their records: they are sent, and
 * are not counted as delivered. Offsets that no batch holds are gaps that compaction left. Of what a canary took out it tells as if it had gone by: it
 * is in the log, only not this client's.
 */
final class FetchResponseTap extends Tap implements BatchVisitor {
    private static final long NONE = -1;

    private final TopicTable topics;
    private final BatchReader reader;
    private final RequestSpans spans;
    private final @Nullable BatchCapture capture;
    private final AbortedTransactions aborted = new AbortedTransactions();
    private List<SharedRecords> shared = List.of();
    private int nextShared;
    private @Nullable TopicCells topic;
    private @Nullable FlowCell flow;
    private @Nullable PartitionCell partition;
    /** The beginning of its records, when they were chosen for a span. */
    private @Nullable ByteBuffer captured;

    private long nowMillis;

    // of the partition at hand
    /** What a canary left of it; {@code null} where there is none. */
    private @Nullable SharedRecords left;

    private long abortedProducerId;
    private long wantedOffset;
    private long nextOffset;
    private long ownEnd = NONE;
    private long records;
    private long bytes;
    private long batches;

    FetchResponseTap(ConnectionReports connection, BatchReader reader, RequestSpans spans) {
        this.topics = connection.topics();
        this.reader = reader;
        this.spans = spans;
        this.capture = connection.loop().capture();
    }

    void begin(List<SharedRecords> sharedPartitions) {
        shared = sharedPartitions;
        nextShared = 0;
        topic = null;
        flow = null;
        partition = null;
        nowMillis = System.currentTimeMillis();
        open();
    }

    @Override
    void onTopic(String name) {
        take(topics.of(name));
    }

    @Override
    void onTopic(Uuid id) {
        take(topics.of(id));
    }

    private @Nullable SharedRecords left(int index) {
        TopicCells cells = topic;
        for (int i = nextShared; i < shared.size() && cells != null; i++) {
            SharedRecords one = shared.get(i);
            if (one.isOf(cells.topic(), index)) {
                nextShared = i + 1;
                return one;
            }
        }
        return null;
    }

    private void take(@Nullable TopicCells cells) {
        endPartition();
        topic = cells;
        flow = cells == null ? null : cells.consumed();
    }

    @Override
    void onNumber(Field field, long value) {
        if (field == Field.PARTITION_INDEX) {
            endPartition();
            partition = topic == null ? null : topic.partition((int) value);
            wantedOffset = partition == null ? -1 : partition.fetchOffset();
            nextOffset = wantedOffset;
            left = partition == null || shared.isEmpty() ? null : left((int) value);
            return;
        }
        PartitionCell cell = partition;
        if (cell == null || value < 0) {
            return; // not about a partition, or not known to the broker
        }
        switch (field) {
            case ERROR_CODE -> {
                if (value != 0 && topic != null) {
                    topic.readError((int) value);
                }
            }
            case HIGH_WATERMARK -> cell.highWatermark(value);
            case LAST_STABLE_OFFSET -> cell.lastStableOffset(value);
            case LOG_START_OFFSET -> cell.logStartOffset(value);
            case PRODUCER_ID -> abortedProducerId = value;
            case ABORTED_FIRST_OFFSET -> aborted.add(abortedProducerId, value);
            default -> {
                // nothing that is reported
            }
        }
    }

    @Override
    void onRecordsBegin(int lengthBytes) {
        reader.begin(lengthBytes);
        if (capture != null) {
            captured = capture.begin(lengthBytes, System.nanoTime());
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
            int count,
            int sizeBytes,
            int attributes,
            long maxTimestampMillis,
            long producerId) {
        PartitionCell cell = partition;
        if (cell == null) {
            return;
        }
        long end = lastOffset + 1;
        long first = baseOffset;
        long inBatch = count;
        if (count == UNKNOWN_RECORDS) {
            // the wrapper has the offset of the last message in it: the others are those since the batch before
            first = nextOffset >= 0 && nextOffset < end ? nextOffset : baseOffset;
            inBatch = end - first;
        }
        if (nextOffset >= 0 && nextOffset < first) {
            cell.seen(nextOffset, first, 0, LoopRound.Content.GAP, -1);
        }
        SharedRecords changed = left != null && left.isChanged(lastOffset) ? left : null;
        if (changed != null && (attributes & CONTROL) != 0) {
            inBatch = 0; // a marker in place of records
        }
        LoopRound.Content content =
                content(changed == null ? attributes : attributes & ~CONTROL, producerId, baseOffset);
        long inLog = changed == null ? inBatch : changed.records();
        cell.seen(first, end, content == LoopRound.Content.MARKERS ? 0 : inLog, content, maxTimestampMillis);
        long data = content == LoopRound.Content.DATA ? inBatch : 0;
        if (data > 0) {
            ownEnd = changed == null ? end : changed.leftEnd();
        }
        nextOffset = end;
        bytes += sizeBytes;
        batches++;
        // the first batch may begin before what was asked for: clients step over that
        records += first < wantedOffset ? Math.max(0, Math.min(data, end - wantedOffset)) : data;
    }

    private LoopRound.Content content(int attributes, long producerId, long baseOffset) {
        if ((attributes & CONTROL) != 0) {
            aborted.ended(producerId, baseOffset);
            return LoopRound.Content.MARKERS;
        }
        return (attributes & TRANSACTIONAL) != 0 && aborted.holds(producerId, baseOffset)
                ? LoopRound.Content.ABORTED
                : LoopRound.Content.DATA;
    }

    private void endPartition() {
        PartitionCell cell = partition;
        if (cell != null && batches > 0) {
            if (flow != null) {
                flow.add(records, bytes, batches);
            }
            if (left == null) {
                cell.delivered(nextOffset, nowMillis);
            } else {
                cell.deliveredOwn(wantedOffset, ownEnd, nextOffset, nowMillis);
            }
        }
        ByteBuffer batch = captured;
        captured = null;
        aborted.clear();
        if (cell != null && topic != null && batch != null) {
            spans.consumed(topic.topic(), cell.partition(), batch, records, wantedOffset, nowMillis);
        }
        records = 0;
        bytes = 0;
        batches = 0;
        ownEnd = NONE;
        left = null;
        partition = null;
    }

    @Override
    void onEnd() {
        endPartition();
    }
}
