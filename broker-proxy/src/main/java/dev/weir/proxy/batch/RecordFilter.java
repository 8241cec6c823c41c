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
 * epoch, sequence and compression as before, as if a broker had compacted it, and one of which nothing stays is left behind {@linkplain
 * EmptiedBatch empty}, so that the consumer's position moves on. Markers of transactions stay as they are. One thread.
 */
public final class RecordFilter {
    private final ByteBufAllocator allocator;
    private final BatchLimits limits;
    private final RecordReader reader = new RecordReader();
    /** Where stretches of records that stay begin and end, in the records of a batch. */
    private int[] stretches = new int[16];

    private int stretchCount;
    private int kept;
    private boolean stopped;
    /** A batch of which nothing stays, as long as it is not known whether another one follows; none if it ends at 0. */
    private int emptiedStart;

    private int emptiedEnd;
    /** What goes on in the place of the batch that is looked at. */
    private @Nullable ByteBuffer shortened;

    /** What becomes of a record. */
    public enum Choice {
        KEEP,
        DROP,
        /** Neither its batch nor anything after it goes on: the consumer fetches it again. */
        STOP
    }

    private enum Fate {
        WHOLE,
        SHORTENED,
        EMPTIED,
        /** It does not go on, nor does anything after it. */
        WAITS
    }

    /** Says what becomes of records. */
    public interface Selection {
        /** Asked for each record, in order. */
        Choice choose(long offset, RecordReader record);

        /**
         * What becomes of all records of a batch, so that nobody needs to look at them, nor to decompress them.
         *
         * @return {@code null} when that depends on each record
         */
        default @Nullable Choice chooseAll(long firstOffset, long lastOffset) {
            return null;
        }

        /**
         * Told of a batch that goes on, after its records were asked for, or it as a whole; of markers it is not.
         *
         * @param records how many it had
         * @param whole whether all of them go on
         */
        default void goesOn(long lastOffset, int records, boolean whole) {}
    }

    public RecordFilter(ByteBufAllocator allocator, BatchLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
    }

    /**
     * Does it.
     *
     * @param records the records field as a broker sent it; its bytes stay as they are
     * @param markers whether a last batch of which nothing stays is to hold the marker of a transaction, for a client that knows them
     * @return the field to send, a buffer of the caller's, perhaps empty; {@code null} for the one that was given
     * @throws InvalidBatchException when a batch cannot be read, is of a format before 2, or too large
     */
    public @Nullable ByteBuf filter(ByteBuffer records, Selection selection, boolean markers) {
        emptiedEnd = 0;
        FetchedBatches batches = new FetchedBatches(records);
        try (FieldEdit edit = new FieldEdit(records, allocator)) {
            while (batches.next()) {
                if (batches.isOld()) {
                    throw new InvalidBatchException(
                            Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT,
                            "records of a format before 2 cannot be taken out of a batch");
                }
                shortened = null;
                Fate fate = batches.isControl() ? Fate.WHOLE : fate(batches, selection);
                if (fate == Fate.WAITS) {
                    putEmptied(records, edit, markers);
                    edit.endAt(batches.start());
                    return edit.result();
                }
                if (!batches.isControl()) {
                    selection.goesOn(batches.lastOffset(), batches.recordCount(), fate == Fate.WHOLE);
                }
                putEmptied(records, edit, false);
                if (fate == Fate.EMPTIED) {
                    emptiedStart = batches.start();
                    emptiedEnd = batches.end();
                } else if (shortened != null) {
                    edit.replace(batches.start(), batches.end(), shortened);
                }
            }
            putEmptied(records, edit, markers);
            return edit.result();
        }
    }

    private void putEmptied(ByteBuffer records, FieldEdit edit, boolean marker) {
        if (emptiedEnd > 0) {
            ByteBuffer original = records.slice(records.position() + emptiedStart, emptiedEnd - emptiedStart);
            edit.replace(
                    emptiedStart, emptiedEnd, marker ? EmptiedBatch.marker(original) : EmptiedBatch.header(original));
            emptiedEnd = 0;
        }
    }

    private Fate fate(FetchedBatches batches, Selection selection) {
        boolean whole = batches.end() - batches.start() >= BatchBody.HEADER_BYTES; // else opening it says what is wrong
        Choice all = whole ? selection.chooseAll(batches.baseOffset(), batches.lastOffset()) : null;
        if (all == null) {
            return fateByRecords(batches, selection);
        }
        return switch (all) {
            case KEEP -> Fate.WHOLE;
            case DROP -> Fate.EMPTIED;
            case STOP -> Fate.WAITS;
        };
    }

    private Fate fateByRecords(FetchedBatches batches, Selection selection) {
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
            if (stopped) {
                return Fate.WAITS;
            }
            if (kept == body.count()) {
                return Fate.WHOLE;
            }
            if (kept == 0) {
                return Fate.EMPTIED;
            }
            shortened = shortened(body);
            return Fate.SHORTENED;
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
