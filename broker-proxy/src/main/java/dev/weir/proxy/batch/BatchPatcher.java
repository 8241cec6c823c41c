package dev.weir.proxy.batch;

import dev.weir.proxy.wire.RecordStreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.apache.kafka.common.utils.ByteUtils;
import org.xerial.snappy.SnappyError;

/**
 * Patches the one batch of a records field of a produce request. All of it is read and checked before a byte is written, so
 * that the change has its exact size from the beginning. Compression stays as it was (at the codec's usual level: a batch does
 * not say which it had), and so do all fields of the batch's header but its length and its checksum.
 *
 * <p>One batch at a time; not safe for more than one thread.
 */
public final class BatchPatcher {
    private static final int LENGTH_AT = 8;
    private static final int LENGTH_END = 12;
    private static final int MAGIC_AT = 16;
    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int BASE_TIMESTAMP_AT = 27;
    private static final int COUNT_AT = 57;
    private static final int HEADER_BYTES = 61;

    private final ByteBufAllocator allocator;
    private final BatchLimits limits;
    private final RecordView record = new RecordView();
    private final HeaderPatch.Plan plan = new HeaderPatch.Plan();
    private final CRC32C crc = new CRC32C();

    private int count;
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
    public ByteBuf patch(ByteBuffer records, HeaderPatch patch) {
        return apply(records, patch, true);
    }

    /** Reads and counts as {@link #patch} does, and changes nothing. */
    public void inspect(ByteBuffer records, HeaderPatch patch) {
        apply(records, patch, false).release();
    }

    private ByteBuf apply(ByteBuffer records, HeaderPatch patch, boolean write) {
        ByteBuffer batch = records.slice();
        CompressionType type = check(batch);
        ByteBuffer body = batch.slice(HEADER_BYTES, batch.limit() - HEADER_BYTES);
        if (type == CompressionType.NONE) {
            measure(body, patch);
            return write ? uncompressed(batch, body, patch) : Unpooled.EMPTY_BUFFER;
        }
        ByteBuf plain = decompress(type, body);
        try {
            ByteBuffer plainRecords = plain.nioBuffer();
            measure(plainRecords, patch);
            return write ? compressed(type, batch, plainRecords, patch) : Unpooled.EMPTY_BUFFER;
        } finally {
            plain.release();
        }
    }

    private CompressionType check(ByteBuffer batch) {
        int fieldBytes = batch.limit();
        if (fieldBytes > MAGIC_AT && batch.get(MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2) {
            throw InvalidBatchException.invalid(
                    "a record batch of format " + batch.get(MAGIC_AT) + "; only format 2 may be written to this topic");
        }
        if (fieldBytes < HEADER_BYTES) {
            throw corrupt("a record batch of " + fieldBytes + " bytes; its header takes " + HEADER_BYTES);
        }
        long batchBytes = LENGTH_END + (long) batch.getInt(LENGTH_AT);
        if (batchBytes < HEADER_BYTES || batchBytes > fieldBytes) {
            throw corrupt("a record batch says that it has " + batchBytes + " bytes, and there are " + fieldBytes);
        }
        if (batchBytes < fieldBytes) {
            throw InvalidBatchException.invalid((fieldBytes - batchBytes) + " bytes after the first record batch");
        }
        if (checksum(batch) != batch.getInt(CRC_AT)) {
            throw corrupt("the checksum of a record batch does not fit its contents");
        }
        count = batch.getInt(COUNT_AT);
        if (count < 0) {
            throw InvalidBatchException.invalid("a record batch of " + count + " records");
        }
        record.baseTimestampMillis = batch.getLong(BASE_TIMESTAMP_AT);
        CompressionType type = RecordStreams.compression(batch.getShort(ATTRIBUTES_AT));
        if (type == null) {
            throw new InvalidBatchException(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE, "a record batch of a compression that Kafka does not have");
        }
        return type;
    }

    /** Reads all records, and finds how large they will be. */
    private void measure(ByteBuffer in, HeaderPatch patch) {
        int limit = in.limit();
        if ((long) count * RecordView.BYTES_MIN > limit) {
            throw InvalidBatchException.invalid(count + " records in " + limit + " bytes");
        }
        patchedBytes = 0;
        headersRemoved = 0;
        int at = 0;
        for (int i = 0; i < count; i++) {
            record.read(in, at, limit);
            patch.plan(in, record, plan);
            int bodyBytes = patchedBodyBytes();
            patchedBytes += ByteUtils.sizeOfVarint(bodyBytes) + bodyBytes;
            headersRemoved += plan.removed;
            at = record.end;
            if (patchedBytes > limits.recordsBytesMax()) {
                throw tooLarge();
            }
        }
        if (at != limit) {
            throw InvalidBatchException.invalid((limit - at) + " bytes after the last record of a batch");
        }
    }

    /** How long the record will be that was planned last, without its length; the limits keep it an int. */
    private int patchedBodyBytes() {
        return record.headersAt
                - record.bodyAt
                + ByteUtils.sizeOfVarint(record.headerCount - plan.removed + plan.added)
                + record.end
                - record.firstHeaderAt
                - plan.removedBytes
                + plan.addedBytes;
    }

    private void write(ByteBuffer in, HeaderPatch patch, ByteBuffer out) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            record.read(in, at, in.limit());
            patch.plan(in, record, plan);
            ByteUtils.writeVarint(patchedBodyBytes(), out);
            copy(in, record.bodyAt, record.headersAt, out);
            ByteUtils.writeVarint(record.headerCount - plan.removed + plan.added, out);
            if (plan.removed == 0) {
                copy(in, record.firstHeaderAt, record.end, out);
            } else {
                copyKept(in, patch, out);
            }
            patch.write(in, record, plan, out);
            at = record.end;
        }
    }

    private void copyKept(ByteBuffer in, HeaderPatch patch, ByteBuffer out) {
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

    private ByteBuf uncompressed(ByteBuffer batch, ByteBuffer body, HeaderPatch patch) {
        int batchBytes = HEADER_BYTES + (int) patchedBytes;
        ByteBuf patched = allocator.buffer(batchBytes, batchBytes);
        boolean written = false;
        try {
            patched.writerIndex(batchBytes);
            ByteBuffer out = patched.nioBuffer();
            out.put(0, batch, 0, HEADER_BYTES).position(HEADER_BYTES);
            write(body, patch, out);
            seal(out.flip());
            written = true;
            return patched;
        } finally {
            if (!written) {
                patched.release();
            }
        }
    }

    private ByteBuf compressed(CompressionType type, ByteBuffer batch, ByteBuffer plain, HeaderPatch patch) {
        ByteBuf patched = allocator.heapBuffer((int) patchedBytes, (int) patchedBytes);
        try {
            patched.writerIndex((int) patchedBytes);
            write(plain, patch, patched.nioBuffer());
            ByteBufferOutputStream out = new ByteBufferOutputStream(batch.limit() + batch.limit() / 4 + HEADER_BYTES);
            out.position(HEADER_BYTES);
            try (OutputStream compressing =
                    Compression.of(type).build().wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2)) {
                compressing.write(patched.array(), patched.arrayOffset(), (int) patchedBytes);
            } catch (IOException e) {
                throw new IllegalStateException("memory cannot be written to", e);
            }
            ByteBuffer bytes = out.buffer();
            bytes.put(0, batch, 0, HEADER_BYTES);
            seal(bytes.flip());
            return Unpooled.wrappedBuffer(bytes);
        } finally {
            patched.release();
        }
    }

    private ByteBuf decompress(CompressionType type, ByteBuffer body) {
        int bytesMax = limits.decompressedBytesMax(body.remaining());
        ByteBuf plain = allocator.heapBuffer(Math.min(bytesMax, 2 * body.remaining() + HEADER_BYTES));
        boolean read = false;
        try (InputStream in = RecordStreams.open(type, body, bytesMax)) {
            while (true) {
                plain.ensureWritable(1);
                int bytes = in.read(
                        plain.array(),
                        plain.arrayOffset() + plain.writerIndex(),
                        plain.capacity() - plain.writerIndex());
                if (bytes < 0) {
                    break;
                }
                plain.writerIndex(plain.writerIndex() + bytes);
                if (plain.writerIndex() > bytesMax) {
                    throw tooLarge();
                }
            }
            read = true;
            return plain;
        } catch (InvalidBatchException e) {
            throw e;
        } catch (IOException | RuntimeException | SnappyError e) {
            // the checksum fits, so it is not the way that broke it
            throw InvalidBatchException.invalid("a record batch is not compressed as it says, " + type.name);
        } finally {
            if (!read) {
                plain.release();
            }
        }
    }

    /** Writes length and checksum of a batch that is all else there. */
    private void seal(ByteBuffer batch) {
        batch.putInt(LENGTH_AT, batch.limit() - LENGTH_END);
        batch.putInt(CRC_AT, checksum(batch));
    }

    private int checksum(ByteBuffer batch) {
        crc.reset();
        crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
        return (int) crc.getValue();
    }

    private InvalidBatchException tooLarge() {
        return new InvalidBatchException(
                Errors.MESSAGE_TOO_LARGE,
                "the records of a batch are more than " + limits.recordsBytesMax() + " bytes, or more than "
                        + limits.decompressionRatioMax() + " times what they are compressed");
    }

    private static InvalidBatchException corrupt(String reason) {
        return new InvalidBatchException(Errors.CORRUPT_MESSAGE, reason);
    }
}
