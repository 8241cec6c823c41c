package dev.weir.proxy.batch;

import dev.weir.proxy.wire.RecordStreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyError;

/**
 * The one batch of a records field of a produce request, whole and checked, with its records decompressed. Closed by
 * whoever opened it. One thread.
 */
public final class BatchBody implements AutoCloseable {
    static final int LENGTH_AT = 8;
    static final int ATTRIBUTES_AT = 21;
    static final int LAST_OFFSET_DELTA_AT = 23;
    static final int BASE_TIMESTAMP_AT = 27;
    static final int MAX_TIMESTAMP_AT = 35;
    static final int PRODUCER_ID_AT = 43;
    static final int COUNT_AT = 57;
    static final int HEADER_BYTES = 61;

    private static final int LENGTH_END = 12;
    private static final int CRC_AT = 17;
    private static final int MAGIC_AT = 16;

    /** The field as it came. */
    final ByteBuffer batch;

    final CompressionType type;
    /** How many records its header says that it has. */
    final int count;

    final long baseTimestampMillis;
    /** All records, one after the other. */
    final ByteBuffer records;

    private final ByteBufAllocator allocator;
    private final @Nullable ByteBuf decompressed;
    private @Nullable ByteBuf copy;

    private BatchBody(
            ByteBuffer batch,
            CompressionType type,
            ByteBuffer records,
            @Nullable ByteBuf decompressed,
            ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.batch = batch;
        this.type = type;
        this.count = batch.getInt(COUNT_AT);
        this.baseTimestampMillis = batch.getLong(BASE_TIMESTAMP_AT);
        this.records = records;
        this.decompressed = decompressed;
    }

    /**
     * Opens a records field.
     *
     * @param field its bytes stay as they are
     * @throws InvalidBatchException when it is not one whole batch of format 2, or too large
     */
    public static BatchBody open(ByteBuffer field, ByteBufAllocator allocator, BatchLimits limits) {
        ByteBuffer batch = field.slice();
        CompressionType type = check(batch);
        ByteBuffer body = batch.slice(HEADER_BYTES, batch.limit() - HEADER_BYTES);
        if (type == CompressionType.NONE) {
            return new BatchBody(batch, type, body, null, allocator);
        }
        ByteBuf plain = decompress(type, body, allocator, limits);
        return new BatchBody(batch, type, plain.nioBuffer(), plain, allocator);
    }

    /** How many records there are, by its header. */
    public int count() {
        return count;
    }

    /** Whether a producer numbers its batches (KIP-98): idempotent or transactional. Of those none may go missing. */
    public boolean hasProducerId() {
        return batch.getLong(PRODUCER_ID_AT) >= 0;
    }

    /** All records in an array: as they are, or a copy that lives as long as this. */
    ByteBuffer onHeap() {
        if (records.hasArray()) {
            return records;
        }
        if (records.limit() == 0) {
            return ByteBuffer.allocate(
                    0); // what compaction took everything out of; netty's own empty buffers are off the heap
        }
        ByteBuf made = copy;
        if (made == null) {
            made = allocator.heapBuffer(records.limit(), records.limit());
            copy = made;
            made.writeBytes(records.duplicate());
        }
        return made.nioBuffer();
    }

    private static CompressionType check(ByteBuffer batch) {
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
        if (batch.getInt(COUNT_AT) < 0) {
            throw InvalidBatchException.invalid("a record batch of " + batch.getInt(COUNT_AT) + " records");
        }
        CompressionType type = RecordStreams.compression(batch.getShort(ATTRIBUTES_AT));
        if (type == null) {
            throw new InvalidBatchException(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE, "a record batch of a compression that Kafka does not have");
        }
        return type;
    }

    private static ByteBuf decompress(
            CompressionType type, ByteBuffer body, ByteBufAllocator allocator, BatchLimits limits) {
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
                    throw tooLarge(limits);
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

    /** Whether there can be so many records in what is there: to be asked before any is read. */
    void checkCount() {
        if ((long) count * RecordView.BYTES_MIN > records.limit()) {
            throw InvalidBatchException.invalid(count + " records in " + records.limit() + " bytes");
        }
    }

    /** Whether the last record ends where the batch does. */
    void checkEnd(int end) {
        if (end != records.limit()) {
            throw InvalidBatchException.invalid((records.limit() - end) + " bytes after the last record of a batch");
        }
    }

    /**
     * Compresses records as those of this batch are.
     *
     * @param plain on the heap; it stays the caller's
     * @return room for a header, then the records
     */
    ByteBuffer compressed(ByteBuf plain) {
        ByteBufferOutputStream out = new ByteBufferOutputStream(batch.limit() + batch.limit() / 4 + HEADER_BYTES);
        out.position(HEADER_BYTES);
        try (OutputStream compressing = Compression.of(type).build().wrapForOutput(out, RecordBatch.MAGIC_VALUE_V2)) {
            compressing.write(plain.array(), plain.arrayOffset() + plain.readerIndex(), plain.readableBytes());
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot be written to", e);
        }
        return out.buffer().flip();
    }

    /** Writes length and checksum into the header of a batch that is all else there, from 0 to its limit. */
    static ByteBuffer sealed(ByteBuffer batch) {
        batch.putInt(LENGTH_AT, batch.limit() - LENGTH_END);
        batch.putInt(CRC_AT, checksum(batch));
        return batch;
    }

    private static int checksum(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(ATTRIBUTES_AT, batch.limit() - ATTRIBUTES_AT));
        return (int) crc.getValue();
    }

    static InvalidBatchException tooLarge(BatchLimits limits) {
        return new InvalidBatchException(
                Errors.MESSAGE_TOO_LARGE,
                "the records of a batch are more than " + limits.recordsBytesMax() + " bytes, or more than "
                        + limits.decompressionRatioMax() + " times what they are compressed");
    }

    private static InvalidBatchException corrupt(String reason) {
        return new InvalidBatchException(Errors.CORRUPT_MESSAGE, reason);
    }

    @Override
    public void close() {
        if (decompressed != null) {
            decompressed.release();
        }
        if (copy != null) {
            copy.release();
        }
    }
}
