package dev.weir.proxy.batch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Shows the records of one batch, key, value and headers, to somebody who only looks. One batch at a time; not safe for more
 * than one thread.
 */
public final class RecordReader {
    private final ByteBufAllocator allocator;
    private final BatchLimits limits;
    private final RecordView record = new RecordView();
    private byte[] bytes = new byte[0];
    private int offset;
    private ByteBuffer in = ByteBuffer.allocate(0);

    /** Looks at one record. */
    public interface Visitor {
        /** Shown in order; the index is that in its batch, from 0. */
        void visit(int index, RecordReader record);
    }

    public RecordReader(ByteBufAllocator allocator, BatchLimits limits) {
        this.allocator = allocator;
        this.limits = limits;
    }

    /**
     * Shows all records, in order.
     *
     * @param field one records field; its bytes stay as they are
     * @return how many there are
     * @throws InvalidBatchException when it is not one whole, well-formed batch of format 2, or too large
     */
    public int read(ByteBuffer field, Visitor visitor) {
        try (BatchBody body = BatchBody.open(field, allocator, limits)) {
            if (body.records.hasArray()) {
                read(body, body.records, visitor);
            } else {
                ByteBuf copy = allocator.heapBuffer(body.records.limit(), body.records.limit());
                try {
                    copy.writeBytes(body.records.duplicate());
                    read(body, copy.nioBuffer(), visitor);
                } finally {
                    copy.release();
                }
            }
            return body.count;
        }
    }

    private void read(BatchBody body, ByteBuffer records, Visitor visitor) {
        in = records;
        bytes = records.array();
        offset = records.arrayOffset();
        body.checkCount();
        int at = 0;
        for (int i = 0; i < body.count; i++) {
            record.read(in, at, in.limit());
            visitor.visit(i, this);
            at = record.end;
        }
        body.checkEnd(at);
    }

    /** What holds key and value of the record that is shown. */
    public byte[] bytes() {
        return bytes;
    }

    public int keyOffset() {
        return offset + record.keyAt;
    }

    /** -1 for none. */
    public int keyBytes() {
        return record.keyBytes;
    }

    public int valueOffset() {
        return offset + record.valueAt;
    }

    /** -1 for none. */
    public int valueBytes() {
        return record.valueBytes;
    }

    /** The value of the record's last header with the name, or {@code null} when there is none or it has no value. */
    public byte @Nullable [] lastHeader(String name) {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        byte[] found = null;
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            int from = offset + record.nameAt;
            if (Arrays.equals(bytes, from, from + record.nameBytes, wanted, 0, wanted.length)) {
                int valueFrom = offset + record.headerValueAt;
                found = record.headerValueBytes < 0
                        ? null
                        : Arrays.copyOfRange(bytes, valueFrom, valueFrom + record.headerValueBytes);
            }
        }
        return found;
    }
}
