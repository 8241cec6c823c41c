package dev.weir.proxy.batch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/**
 * Takes records out of what a consumer fetched. What stays keeps its offset: a batch has the same first and last offset, producer id,
 * epoch, sequence and compression as before, as if a broker had compacted it, and one of which nothing stays is left behind empty, so that
 * the consumer's position moves on. Markers of transactions stay as they are. One thread.
 */
public final class RecordFilter {
    /** The bits of a batch's attributes that name its compression. */
    private static final int COMPRESSION_MASK = 0x07;

    private final ByteBufAllocator allocator;
    private final BatchLimits limits;
    private final RecordReader reader = new RecordReader();
    /** Where stretches of records that stay begin and end, in the records of a batch. */
    private int[] stretches = new int[16];

    private int stretchCount;
    private int kept;
    private boolean stopped;

    /** What becomes of a record. */
    public enum Choice {
        KEEP,
        DROP,
        /** Neither its batch nor anything after it goes on: the consumer fetches it again. */
        STOP
    }

    /** Says what becomes of records. */
    public interface Selection {
        /** Asked for each record, in order. */
        Choice choose(long offset, RecordReader record);

        /**
         * What becomes of all records of a batch, so that nobody needs to look at them.
         *
         * @return {@code null} when that depends on each record; not {@link Choice#STOP}
         */
        default @Nullable Choice chooseAll(long firstOffset, long lastOffset) {
            return null;
        }
    }

    public RecordFilter(ByteBufAllocator allocator, BatchLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
    }

    /**
     * Does it.
     *
     * @param records the records field as a broker sent it; its bytes stay as they are
     * @return the field to send, a buffer of the caller's, perhaps empty; {@code null} for the one that was given
     * @throws InvalidBatchException when a batch cannot be read, is of a format before 2, or too large
     */
    public @Nullable ByteBuf filter(ByteBuffer records, Selection selection) {
        FetchedBatches batches = new FetchedBatches(records);
        try (FieldEdit edit = new FieldEdit(records, allocator)) {
            while (batches.next()) {
                if (batches.isOld()) {
                    throw new InvalidBatchException(
                            Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                            "records of a format before 2 cannot be taken out of a batch");
                }
                if (!batches.isControl() && !filter(batches, selection, edit)) {
                    edit.endAt(batches.start());
                    break;
                }
            }
            return edit.result();
        }
    }

    /** Whether the batch goes on, in whole or in part. */
    private boolean filter(FetchedBatches batches, Selection selection, FieldEdit edit) {
        boolean whole = batches.end() - batches.start() >= BatchBody.HEADER_BYTES; // else opening it says what is wrong
        Choice all = whole ? selection.chooseAll(batches.baseOffset(), batches.lastOffset()) : null;
        if (all == Choice.DROP) {
            edit.replace(batches.start(), batches.end(), emptied(batches.batch()));
        }
        return all != null || filterEach(batches, selection, edit);
    }

    private boolean filterEach(FetchedBatches batches, Selection selection, FieldEdit edit) {
        try (BatchBody body = BatchBody.open(batches.batch(), allocator, limits)) {
            kept = 0;
            stretchCount = 0;
            stopped = false;
            long baseOffset = batches.baseOffset();
            reader.read(body, (index, record) -> {
                Choice choice = stopped ? Choice.DROP : selection.choose(baseOffset + record.offsetDelta(), record);
                stopped |= choice == Choice.STOP;
                if (choice == Choice.KEEP) {
                    keep(record.start(), record.end());
                }
            });
            if (!stopped && kept < body.count()) {
                edit.replace(batches.start(), batches.end(), kept == 0 ? emptied(body.batch) : shortened(body));
            }
            return !stopped;
        }
    }

    private void keep(int start, int end) {
        kept++;
        if (stretchCount > 0 && stretches[stretchCount - 1] == start) {
            stretches[stretchCount - 1] = end;
            return;
        }
        if (stretchCount + 2 > stretches.length) {
            stretches = Arrays.copyOf(stretches, 2 * stretches.length);
        }
        stretches[stretchCount++] = start;
        stretches[stretchCount++] = end;
    }

    /** Its header alone. Nothing in it is compressed any more: there are clients that would try to decompress nothing. */
    private static ByteBuffer emptied(ByteBuffer original) {
        ByteBuffer batch = ByteBuffer.allocate(BatchBody.HEADER_BYTES);
        batch.put(0, original, 0, BatchBody.HEADER_BYTES);
        short attributes = batch.getShort(BatchBody.ATTRIBUTES_AT);
        batch.putShort(BatchBody.ATTRIBUTES_AT, (short) (attributes & ~COMPRESSION_MASK));
        batch.putInt(BatchBody.COUNT_AT, 0);
        return BatchBody.sealed(batch);
    }

    private ByteBuffer shortened(BatchBody body) {
        int bytes = 0;
        for (int i = 0; i < stretchCount; i += 2) {
            bytes += stretches[i + 1] - stretches[i];
        }
        ByteBuffer batch;
        if (body.type == CompressionType.NONE) {
            batch = ByteBuffer.allocate(BatchBody.HEADER_BYTES + bytes);
            batch.position(BatchBody.HEADER_BYTES);
            copy(body.records, batch);
            batch.flip();
        } else {
            ByteBuf plain = allocator.heapBuffer(bytes, bytes);
            try {
                plain.writerIndex(bytes);
                copy(body.records, plain.nioBuffer());
                batch = body.compressed(plain);
            } finally {
                plain.release();
            }
        }
        batch.put(0, body.batch, 0, BatchBody.HEADER_BYTES);
        batch.putInt(BatchBody.COUNT_AT, kept);
        return BatchBody.sealed(batch);
    }

    private void copy(ByteBuffer from, ByteBuffer to) {
        for (int i = 0; i < stretchCount; i += 2) {
            to.put(from.slice(stretches[i], stretches[i + 1] - stretches[i]));
        }
    }
}
