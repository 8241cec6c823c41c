package dev.weir.proxy.batch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Patches one batch: that of a records field of a produce request, or one of those in a fetch response. All of it is read and checked before a byte is written, so
 * that the change has its exact size from the beginning. Compression stays as it was (at the codec's usual level: a batch does
 * not say which it had), and so do all fields of the batch's header but its length and its checksum; where records are taken
 * out, also their number and the newest timestamp.
 *
 * <p>One batch at a time; not safe for more than one thread.
 */
public final class BatchPatcher {
    private static final int HEADER_BYTES = BatchBody.HEADER_BYTES;

    private final ByteBufAllocator allocator;
    private final BatchLimits limits;
    private final RecordView record = new RecordView();
    private final RecordPatch.Plan plan = new RecordPatch.Plan();

    private int count;
    private int kept;
    private long maxTimestampMillis;
    private long patchedBytes;
    private int headersRemoved;

    public BatchPatcher(ByteBufAllocator allocator, BatchLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
    }

    /** How many records the batch holds that was looked at last. */
    public int records() {
        return count;
    }

    /** How many headers of clients were removed from it, or would be. */
    public int headersRemoved() {
        return headersRemoved;
    }

    /**
     * Gives the records field to send.
     *
     * @param records the field as it came: one batch, whose bytes stay as they are
     * @return a buffer of the caller's
     * @throws InvalidBatchException when it is not one whole, well-formed batch of format 2, or too large
     */
    public ByteBuf patch(ByteBuffer records, RecordPatch patch) {
        return apply(records, patch, true);
    }

    /** Reads and counts as {@link #patch} does, and changes nothing. */
    public void inspect(ByteBuffer records, RecordPatch patch) {
        apply(records, patch, false).release();
    }

    private ByteBuf apply(ByteBuffer records, RecordPatch patch, boolean write) {
        try (BatchBody body = BatchBody.open(records, allocator, limits)) {
            return apply(body, patch, write);
        }
    }

    /**
     * As {@link #patch(ByteBuffer, RecordPatch)}, of a batch that is open and stays so; it keeps at least one record.
     */
    public ByteBuf patch(BatchBody body, RecordPatch patch) {
        return apply(body, patch, true);
    }

    /** As {@link #inspect(ByteBuffer, RecordPatch)}, of a batch that is open and stays so. */
    public void inspect(BatchBody body, RecordPatch patch) {
        apply(body, patch, false).release();
    }

    private ByteBuf apply(BatchBody body, RecordPatch patch, boolean write) {
        measure(body, patch);
        if (!write) {
            return Unpooled.EMPTY_BUFFER;
        }
        return body.type == CompressionType.NONE
                ? uncompressed(body.batch, body.records, patch)
                : compressed(body, patch);
    }

    /** Reads all records, and finds how large they will be. */
    private void measure(BatchBody body, RecordPatch patch) {
        ByteBuffer in = body.records;
        int limit = in.limit();
        body.checkCount();
        count = body.count;
        record.baseTimestampMillis = body.baseTimestampMillis;
        patchedBytes = 0;
        headersRemoved = 0;
        kept = 0;
        maxTimestampMillis = Long.MIN_VALUE;
        int at = 0;
        for (int i = 0; i < count; i++) {
            record.read(in, at, limit);
            at = record.end;
            patch.plan(in, record, i, plan); // reads it to its end, also where it does not go on
            if (patch.takesOut(i)) {
                continue;
            }
            int bodyBytes = patchedBodyBytes(patch);
            patchedBytes += ByteUtils.sizeOfVarint(bodyBytes) + bodyBytes;
            headersRemoved += plan.removed;
            kept++;
            maxTimestampMillis = Math.max(maxTimestampMillis, body.baseTimestampMillis + record.timestampDelta);
            if (patchedBytes > limits.recordsBytesMax()) {
                throw BatchBody.tooLarge(limits);
            }
        }
        body.checkEnd(at);
    }

    /** How long the record will be that was planned last, without its length; the limits keep it an int. */
    private int patchedBodyBytes(RecordPatch patch) {
        int renumbered =
                patch.takesOut() ? ByteUtils.sizeOfVarint(kept) - (record.offsetDeltaEnd - record.offsetDeltaAt) : 0;
        return renumbered
                + record.headersAt
                - record.bodyAt
                + ByteUtils.sizeOfVarint(record.headerCount - plan.removed + plan.added)
                + record.end
                - record.firstHeaderAt
                - plan.removedBytes
                + plan.addedBytes;
    }

    private void write(ByteBuffer in, RecordPatch patch, ByteBuffer out) {
        int at = 0;
        kept = 0;
        for (int i = 0; i < count; i++) {
            record.read(in, at, in.limit());
            at = record.end;
            if (patch.takesOut(i)) {
                continue;
            }
            patch.plan(in, record, i, plan);
            ByteUtils.writeVarint(patchedBodyBytes(patch), out);
            writeBody(in, patch, out);
            ByteUtils.writeVarint(record.headerCount - plan.removed + plan.added, out);
            if (plan.removed == 0) {
                copy(in, record.firstHeaderAt, record.end, out);
            } else {
                copyKept(in, patch, out);
            }
            patch.write(in, record, plan, out);
            kept++;
        }
    }

    /** All before the headers. */
    private void writeBody(ByteBuffer in, RecordPatch patch, ByteBuffer out) {
        if (patch.takesOut()) {
            copy(in, record.bodyAt, record.offsetDeltaAt, out);
            ByteUtils.writeVarint(kept, out);
            copy(in, record.offsetDeltaEnd, record.headersAt, out);
        } else {
            copy(in, record.bodyAt, record.headersAt, out);
        }
    }

    private void copyKept(ByteBuffer in, RecordPatch patch, ByteBuffer out) {
        int from = record.firstHeaderAt;
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            if (patch.removes(in, record, plan)) {
                copy(in, from, record.headerAt, out);
                from = record.headerEnd();
            }
        }
        copy(in, from, record.end, out);
    }

    private static void copy(ByteBuffer in, int from, int end, ByteBuffer out) {
        int bytes = end - from;
        out.put(out.position(), in, from, bytes).position(out.position() + bytes);
    }

    private ByteBuf uncompressed(ByteBuffer batch, ByteBuffer body, RecordPatch patch) {
        int batchBytes = HEADER_BYTES + (int) patchedBytes;
        ByteBuf patched = allocator.buffer(batchBytes, batchBytes);
        boolean written = false;
        try {
            patched.writerIndex(batchBytes);
            ByteBuffer out = patched.nioBuffer();
            out.put(0, batch, 0, HEADER_BYTES).position(HEADER_BYTES);
            write(body, patch, out);
            seal(out.flip(), patch);
            written = true;
            return patched;
        } finally {
            if (!written) {
                patched.release();
            }
        }
    }

    private ByteBuf compressed(BatchBody body, RecordPatch patch) {
        ByteBuf patched = allocator.heapBuffer((int) patchedBytes, (int) patchedBytes);
        try {
            patched.writerIndex((int) patchedBytes);
            write(body.records, patch, patched.nioBuffer());
            ByteBuffer bytes = body.compressed(patched);
            bytes.put(0, body.batch, 0, HEADER_BYTES);
            seal(bytes, patch);
            return Unpooled.wrappedBuffer(bytes);
        } finally {
            patched.release();
        }
    }

    /** Writes what is new in the header of a batch that is all else there. */
    private void seal(ByteBuffer batch, RecordPatch patch) {
        if (patch.takesOut()) {
            batch.putInt(BatchBody.LAST_OFFSET_DELTA_AT, kept - 1);
            batch.putLong(BatchBody.MAX_TIMESTAMP_AT, maxTimestampMillis);
            batch.putInt(BatchBody.COUNT_AT, kept);
        }
        BatchBody.sealed(batch);
    }
}
