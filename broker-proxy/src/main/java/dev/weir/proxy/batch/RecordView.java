package dev.weir.proxy.batch;

import java.nio.ByteBuffer;

/**
 * Where the parts of one record are (format 2, KIP-98), in a buffer that holds all records of a batch. A record is read as
 * a broker reads it, and what a broker would refuse is refused here: else there were two readings of one record, and
 * one of them might show a header that the other has not. One thread; it retains no buffer.
 */
final class RecordView {
    /** The fewest bytes that a record takes: its length, attributes, two deltas, two lengths, and a number of headers. */
    static final int BYTES_MIN = 7;

    /** Of the batch; all else is of the record. */
    long baseTimestampMillis;

    /** Where the record's length is. */
    int start;
    /** Where its attributes are: after its length. */
    int bodyAt;

    long timestampDelta;
    int offsetDelta;
    /** Where the offset delta is, and where it ends. */
    int offsetDeltaAt;

    int offsetDeltaEnd;
    int keyAt;
    /** -1 for null. */
    int keyBytes;

    int valueAt;
    /** -1 for null. */
    int valueBytes;

    int headerCount;
    /** Where the number of headers is: all before it is copied as it is. */
    int headersAt;
    /** Where the first header is. */
    int firstHeaderAt;
    /** After the last byte. */
    int end;

    // Of the header that was read last.
    int headerAt;
    int nameAt;
    int nameBytes;
    int headerValueAt;
    int headerValueBytes;

    private int next;

    /** Reads the record at a place, up to and including its number of headers. */
    void read(ByteBuffer in, int at, int limit) {
        start = at;
        next = at;
        int lengthBytes = varint(in, limit);
        bodyAt = next;
        if (lengthBytes < BYTES_MIN - 1 || lengthBytes > limit - next) {
            throw invalid("a record of " + lengthBytes + " bytes, with " + (limit - next) + " left", at);
        }
        end = next + lengthBytes;
        next++;
        timestampDelta = varlong(in, end);
        offsetDeltaAt = next;
        offsetDelta = varint(in, end);
        offsetDeltaEnd = next;
        keyBytes = nullableLength(in, "key");
        keyAt = next;
        next += Math.max(0, keyBytes);
        valueBytes = nullableLength(in, "value");
        valueAt = next;
        next += Math.max(0, valueBytes);
        headersAt = next;
        headerCount = varint(in, end);
        firstHeaderAt = next;
        if (headerCount < 0 || headerCount > end - next) {
            throw invalid(headerCount + " headers in " + (end - next) + " bytes", headersAt);
        }
    }

    /** Reads a header; the first call after {@link #read} or {@link #rewind} reads the first. */
    void readHeader(ByteBuffer in) {
        headerAt = next;
        nameBytes = varint(in, end);
        nameAt = next;
        if (nameBytes < 0 || nameBytes > end - next) {
            throw invalid("a header name of " + nameBytes + " bytes", headerAt);
        }
        next += nameBytes;
        headerValueBytes = nullableLength(in, "header value");
        headerValueAt = next;
        next += Math.max(0, headerValueBytes);
    }

    /** Where the header that was read last ends. */
    int headerEnd() {
        return next;
    }

    void rewind() {
        next = firstHeaderAt;
    }

    /** After the last header: nothing may follow it. */
    void checkEnd() {
        if (next != end) {
            throw invalid((end - next) + " bytes after the last header", next);
        }
    }

    private int nullableLength(ByteBuffer in, String what) {
        int at = next;
        int lengthBytes = varint(in, end);
        if (lengthBytes < -1 || lengthBytes > end - next) {
            throw invalid("a " + what + " of " + lengthBytes + " bytes, with " + (end - next) + " left", at);
        }
        return lengthBytes;
    }

    private int varint(ByteBuffer in, int limit) {
        int at = next;
        if (at < limit) {
            byte only = in.get(at);
            if (only >= 0) { // most are of one byte
                next = at + 1;
                return (only >>> 1) ^ -(only & 1);
            }
        }
        long raw = unsigned(in, limit, 5);
        if (raw >>> 32 != 0) {
            throw invalid("a varint of more than 32 bits", at);
        }
        int value = (int) raw;
        return (value >>> 1) ^ -(value & 1);
    }

    private long varlong(ByteBuffer in, int limit) {
        long raw = unsigned(in, limit, 10);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private long unsigned(ByteBuffer in, int limit, int bytesMax) {
        int at = next;
        long value = 0;
        for (int i = 0; i < bytesMax; i++) {
            if (at + i >= limit) {
                throw invalid("it ends within a varint", at);
            }
            byte part = in.get(at + i);
            value |= (long) (part & 0x7F) << (7 * i);
            if (part >= 0) {
                if (i == 9 && part > 1) {
                    break;
                }
                next = at + i + 1;
                return value;
            }
        }
        throw invalid("a varint that is too long", at);
    }

    private static InvalidBatchException invalid(String what, int at) {
        return InvalidBatchException.invalid("at byte " + at + " of the records: " + what);
    }
}
