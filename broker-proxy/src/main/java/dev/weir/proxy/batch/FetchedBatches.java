package dev.weir.proxy.batch;

import dev.weir.proxy.wire.RecordStreams;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the batches of a records field as brokers send it: any number of them, of any format, the last one perhaps only
 * begun. What is only begun no client looks at. It reads headers alone. One thread.
 *
 * <pre>{@code
 * FetchedBatches batches = new FetchedBatches(field);
 * while (batches.next()) { ... }
 * }</pre>
 */
public final class FetchedBatches {
    private static final int OFFSET_AND_LENGTH_BYTES = 12;
    private static final int MAGIC_AT = 16;
    private static final int MAGIC_END = 17;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int OLD_ATTRIBUTES_AT = 17;
    private static final int CONTROL = 0x20;
    private static final int APPEND_TIME = 0x08;
    private static final int OLDEST_HEADER_BYTES = 26;

    private final ByteBuffer field;
    private int start;
    private int end;

    /**
     * Begins before the first.
     *
     * @param records its bytes stay as they are, and its position and limit, too
     */
    public FetchedBatches(ByteBuffer records) {
        this.field = records.slice();
    }

    /**
     * Moves on to the next batch that is there as a whole.
     *
     * @return whether there is one
     */
    public boolean next() {
        start = end;
        int leftBytes = field.limit() - start;
        if (leftBytes < MAGIC_END) {
            return false;
        }
        long sizeBytes = OFFSET_AND_LENGTH_BYTES + (long) field.getInt(start + BatchBody.LENGTH_AT);
        if (sizeBytes < OLDEST_HEADER_BYTES) {
            end = field.limit(); // no length: whoever reads it finds that out, and nothing after it can be read
            return true;
        }
        if (sizeBytes > leftBytes) {
            return false;
        }
        end = start + (int) sizeBytes;
        return true;
    }

    /** Where the batch begins, from the beginning of the field. */
    public int start() {
        return start;
    }

    /** Where the batch ends: after the last call of {@link #next} that found none, where the last one ended. */
    public int end() {
        return end;
    }

    /** A view of the batch. */
    public ByteBuffer batch() {
        return field.slice(start, end - start);
    }

    /** Whether it is of format 0 or 1, which has no headers. */
    public boolean isOld() {
        byte magic = field.get(start + MAGIC_AT);
        return magic >= RecordBatch.MAGIC_VALUE_V0 && magic < RecordBatch.MAGIC_VALUE_V2;
    }

    /** Whether it holds a marker of a transaction, which clients do not show. */
    public boolean isControl() {
        return (attributes() & CONTROL) != 0;
    }

    /** Whether the broker has given the records its own time. */
    public boolean hasAppendTime() {
        return (attributes() & APPEND_TIME) != 0;
    }

    /** How it is compressed; {@code null} when Kafka has no such compression. */
    public @Nullable CompressionType compression() {
        return RecordStreams.compression(
                isOld() && end - start > OLD_ATTRIBUTES_AT ? field.get(start + OLD_ATTRIBUTES_AT) : attributes());
    }

    /** How many records it says that it has; 0 of an old format, which does not say it. */
    public int recordCount() {
        return isOld() || end - start < BatchBody.HEADER_BYTES
                ? 0
                : Math.max(0, field.getInt(start + BatchBody.COUNT_AT));
    }

    private int attributes() {
        return isOld() || end - start < BatchBody.HEADER_BYTES ? 0 : field.getShort(start + BatchBody.ATTRIBUTES_AT);
    }

    public long baseOffset() {
        return field.getLong(start);
    }

    /** Of an old format, that of its only record, or of the last one in it. */
    public long lastOffset() {
        return isOld() || end - start < BatchBody.HEADER_BYTES
                ? baseOffset()
                : baseOffset() + field.getInt(start + LAST_OFFSET_DELTA_AT);
    }
}
