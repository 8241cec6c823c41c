package dev.weir.schema.protobuf;

import dev.weir.mesh.log.Counted;
import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.bytes.Mismatch;
import dev.weir.schema.bytes.Utf8;
import java.util.Arrays;

/**
 * A place in the bytes of one message, and where the message that is read there ends. Every read is checked against that end;
 * what does not fit is a {@link Mismatch}.
 */
final class WireCursor {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int START_GROUP = 3;
    static final int END_GROUP = 4;
    static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int begin;
    private final Limits limits;
    private int limit;
    private int at;
    private int depth;
    private long items;

    WireCursor(byte[] bytes, int offset, int lengthBytes, Limits limits) {
        this.bytes = bytes;
        this.begin = offset;
        this.at = offset;
        this.limit = offset + lengthBytes;
        this.limits = limits;
    }

    /** In the array. */
    int at() {
        return at;
    }

    boolean atLimit() {
        return at == limit;
    }

    int remainingBytes() {
        return limit - at;
    }

    /** Field number and wire type; a number of 0 and wire types that do not exist are refused. */
    int readTag() {
        int start = at;
        long tag = readVarint("a tag");
        int wireType = (int) tag & 7;
        if (tag >>> Integer.SIZE != 0 || tag >>> 3 == 0) {
            throw mismatch(start, "a tag of field " + Long.toUnsignedString(tag >>> 3), "a field from 1 to 536870911");
        }
        if (wireType > FIXED32) {
            throw mismatch(start, "wire type " + wireType, "a wire type from 0 to 5");
        }
        return (int) tag;
    }

    /** Up to 64 bits in up to 10 bytes. */
    long readVarint(String what) {
        if (at < limit && bytes[at] >= 0) {
            return bytes[at++];
        }
        int start = at;
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= limit) {
                throw cutShort(what);
            }
            byte next = bytes[at++];
            if (shift == 63 && (next & 0xff) > 1) {
                break; // more than 64 bits
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw mismatch(start, "a number of more than 64 bits", what);
    }

    void skip(int count, String what) {
        if (count > limit - at) {
            throw cutShort(what);
        }
        at += count;
    }

    /** The length in front of strings, bytes, messages and packed numbers, checked against what is there. */
    int readLength(String what) {
        int start = at;
        long length = readVarint(what);
        if (length < 0 || length > limit - at) {
            throw mismatch(
                    start,
                    "a length of " + Long.toUnsignedString(length) + " with " + Counted.of(limit - at, "byte")
                            + " left",
                    what);
        }
        return (int) length;
    }

    void skipString(String what) {
        int stop = readLength(what);
        stop += at;
        int bad = Utf8.validTo(bytes, at, stop);
        if (bad < stop) {
            throw mismatch(bad, String.format("byte 0x%02x, which is not UTF-8 there", bytes[bad]), what);
        }
        at = stop;
    }

    /** Has reads end so many bytes from here; answers where they ended before. */
    int narrow(int lengthBytes) {
        int before = limit;
        limit = at + lengthBytes;
        return before;
    }

    void widen(int before) {
        limit = before;
    }

    void item() {
        if (++items > limits.itemsMax()) {
            throw new Mismatch(
                    Reason.LIMIT,
                    "more than " + Counted.of(limits.itemsMax(), "item"),
                    "no more in one record",
                    at - begin);
        }
    }

    void enter() {
        if (++depth > limits.depthMax()) {
            throw new Mismatch(
                    Reason.LIMIT,
                    "more than " + Counted.of(limits.depthMax(), "level") + " of nesting",
                    "no more in one record",
                    at - begin);
        }
    }

    void leave() {
        depth--;
    }

    /** Starts again at an earlier place, as far as another: to count what was passed. */
    WireCursor between(int from, int to) {
        return new WireCursor(bytes, from, to - from, limits);
    }

    /** A byte further on, without going there; -1 when there is none, or it is not from 0 to 127. */
    int byteAt(int further) {
        return at + further < limit ? Math.max(-1, bytes[at + further]) : -1;
    }

    /** Whether some bytes are what stands at a place. */
    boolean stands(byte[] expected, int from, int lengthBytes) {
        return Arrays.equals(expected, 0, expected.length, bytes, from, from + lengthBytes);
    }

    Mismatch mismatch(int absolute, String found, String expected) {
        return new Mismatch(Reason.PAYLOAD, found, expected, absolute - begin);
    }

    private Mismatch cutShort(String what) {
        return new Mismatch(Reason.PAYLOAD, "the end of the message", what, limit - begin);
    }
}
