package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * What is done to the headers of each record of a batch. Names that begin with {@value #RESERVED_PREFIX}, in whatever case, are
 * Weir's own. Immutable; any thread.
 */
public abstract sealed class RecordPatch permits HeaderPatch, UnverifiedPatch {
    public static final String RESERVED_PREFIX = "weir-";

    private static final byte[] RESERVED = ascii(RESERVED_PREFIX);
    private static final byte CASE = 0x20;

    RecordPatch() {}

    /** What becomes of the headers of one record. */
    static final class Plan {
        /** How many headers are removed. */
        int removed;
        /** How many bytes those take. */
        int removedBytes;
        /** How many headers are added, and their bytes. */
        int added;

        int addedBytes;
        boolean addsTrace;
        /** The header that says what is wrong with it; empty for none. */
        byte[] violation = {};
        /** Where the trace context is that stays; -1 for none. */
        int traceAt;
    }

    /** Whether a record does not go on. */
    boolean takesOut(int index) {
        return false;
    }

    /** Whether any does not: those after it get new offsets in the batch. */
    boolean takesOut() {
        return false;
    }

    /** Decides what becomes of a record's headers, and reads the record to its end. */
    abstract void plan(ByteBuffer in, RecordView record, int index, Plan plan);

    /** Whether the header that was read last goes. */
    abstract boolean removes(ByteBuffer in, RecordView record, Plan plan);

    /** Writes the headers that are added. */
    abstract void write(ByteBuffer in, RecordView record, Plan plan, ByteBuffer out);

    final void planRemovals(ByteBuffer in, RecordView record, Plan plan) {
        record.rewind();
        for (int i = 0; i < record.headerCount; i++) {
            record.readHeader(in);
            if (removes(in, record, plan)) {
                plan.removed++;
                plan.removedBytes += record.headerEnd() - record.headerAt;
            }
        }
        record.rewind();
    }

    static boolean isNamed(ByteBuffer in, RecordView record, byte[] name) {
        if (record.nameBytes != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (in.get(record.nameAt + i) != name[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean isReserved(ByteBuffer in, RecordView record) {
        return record.nameBytes >= RESERVED.length && startsWith(in, record.nameAt, RESERVED);
    }

    /** Whether the name of the header that was read last is this one, in whatever case. */
    static boolean isSpelled(ByteBuffer in, RecordView record, byte[] lowerCase) {
        return record.nameBytes == lowerCase.length && startsWith(in, record.nameAt, lowerCase);
    }

    private static boolean startsWith(ByteBuffer in, int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte found = in.get(at + i);
            if (found != lowerCase[i] && (found | CASE) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    static byte[] header(String name, byte[] value) {
        byte[] nameBytes = ascii(name);
        ByteBuffer header = ByteBuffer.allocate(10 + nameBytes.length + value.length);
        ByteUtils.writeVarint(nameBytes.length, header);
        header.put(nameBytes);
        ByteUtils.writeVarint(value.length, header);
        header.put(value).flip();
        byte[] bytes = new byte[header.remaining()];
        header.get(bytes);
        return bytes;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
