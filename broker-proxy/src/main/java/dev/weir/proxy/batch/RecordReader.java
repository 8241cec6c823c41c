package dev.weir.proxy.batch;

import dev.weir.canary.RecordFields;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Shows the records of one batch, key, value and headers, to somebody who only looks. One batch at a time; not safe for more
 * than one thread.
 */
public final class RecordReader implements RecordFields {
    private final RecordView record = new RecordView();
    private byte[] bytes = new byte[0];
    private int offset;
    private ByteBuffer in = ByteBuffer.allocate(0);
    private int headerAt;
    private int headerBytes;

    /** Looks at one record. */
    public interface Visitor {
        /** Shown in order; the index is that in its batch, from 0. */
        void visit(int index, RecordReader record);
    }

    /**
     * Shows all records, in order.
     *
     * @param body stays open as long as anybody looks
     * @throws InvalidBatchException when its records are not well-formed
     */
    public void read(BatchBody body, Visitor visitor) {
        in = body.onHeap();
        bytes = in.array();
        offset = in.arrayOffset();
        record.baseTimestampMillis = body.baseTimestampMillis;
        body.checkCount();
        int at = 0;
        for (int i = 0; i < body.count; i++) {
            record.read(in, at, in.limit());
            visitor.visit(i, this);
            at = record.end;
        }
        body.checkEnd(at);
    }

    /** What holds key, value and headers of the record that is shown. */
    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int keyOffset() {
        return offset + record.keyAt;
    }

    /** -1 for none. */
    @Override
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

    /** Where the record begins among those of its batch. */
    int start() {
        return record.start;
    }

    /** Where it ends. */
    int end() {
        return record.end;
    }

    /** How much the record takes in its batch. */
    public int sizeBytes() {
        return record.end - record.start;
    }

    /** As its producer wrote it; -1 for none. */
    public long timestampMillis() {
        return record.baseTimestampMillis + record.timestampDelta;
    }

    /** How far its offset is from that of its batch. */
    public int offsetDelta() {
        return record.offsetDelta;
    }

    /** How many of the record's headers have the name, in whatever case. */
    public int countHeaders(String lowerCaseName) {
        byte[] wanted = RecordPatch.ascii(lowerCaseName);
        int count = 0;
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            count += RecordPatch.isSpelled(in, record, wanted) ? 1 : 0;
        }
        return count;
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
                found = headerValue();
            }
        }
        return found;
    }

    @Override
    public boolean findHeader(byte[] name) {
        boolean found = false;
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            int from = offset + record.nameAt;
            if (Arrays.equals(bytes, from, from + record.nameBytes, name, 0, name.length)) {
                headerAt = offset + record.headerValueAt;
                headerBytes = record.headerValueBytes;
                found = headerBytes >= 0;
            }
        }
        return found;
    }

    @Override
    public int headerOffset() {
        return headerAt;
    }

    @Override
    public int headerBytes() {
        return headerBytes;
    }

    /** Whether it came with a header that has the name of {@link RecordMarks#VIOLATION}, in whatever case. */
    public boolean claimsViolation() {
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            if (HeaderPatch.isViolation(in, record)) {
                return true;
            }
        }
        return false;
    }

    /** A copy of its headers, in their order, but for those with a name of Weir's own. */
    public List<Header> headers() {
        List<Header> headers = new ArrayList<>();
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            if (!RecordPatch.isReserved(in, record)) {
                headers.add(new RecordHeader(
                        new String(bytes, offset + record.nameAt, record.nameBytes, StandardCharsets.UTF_8),
                        headerValue()));
            }
        }
        record.checkEnd();
        return headers;
    }

    /** A copy of its key, or {@code null} for none. */
    public byte @Nullable [] key() {
        return copy(keyOffset(), record.keyBytes);
    }

    /** A copy of its value, or {@code null} for none. */
    public byte @Nullable [] value() {
        return copy(valueOffset(), record.valueBytes);
    }

    private byte @Nullable [] headerValue() {
        return copy(offset + record.headerValueAt, record.headerValueBytes);
    }

    private byte @Nullable [] copy(int from, int lengthBytes) {
        return lengthBytes < 0 ? null : Arrays.copyOfRange(bytes, from, from + lengthBytes);
    }
}
