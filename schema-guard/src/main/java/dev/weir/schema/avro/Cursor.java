package dev.weir.schema.avro;

import dev.weir.mesh.log.Counted;
import dev.weir.schema.Limits;
import dev.weir.schema.Reason;
import dev.weir.schema.bytes.Mismatch;
import dev.weir.schema.bytes.Utf8;
import dev.weir.schema.bytes.ZigZag;

/** A place in the bytes of one record. Every read is checked against its end; what does not fit is a {@link Mismatch}. */
final class Cursor {
    private final byte[] bytes;
    private final int begin;
    private final int end;
    private final Limits limits;
    private int at;
    private int depth;
    private long items;

    Cursor(byte[] bytes, int offset, int lengthBytes, Limits limits) {
        this.bytes = bytes;
        this.begin = offset;
        this.at = offset;
        this.end = offset + lengthBytes;
        this.limits = limits;
    }

    int remainingBytes() {
        return end - at;
    }

    int offsetBytes() {
        return at - begin;
    }

    void skip(int count, String what) {
        if (count > end - at) {
            throw cutShort(what);
        }
        at += count;
    }

    int readByte(String what) {
        if (at >= end) {
            throw cutShort(what);
        }
        return bytes[at++];
    }

    /** A zig-zag number of up to 64 bits. */
    long readLong(String what) {
        int start = at;
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (at >= end) {
                throw cutShort(what);
            }
            byte next = bytes[at++];
            if (shift == 63 && next > 1) {
                break; // more than 64 bits
            }
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return ZigZag.decode(value);
            }
        }
        throw mismatch(start, "a number of more than 64 bits", what);
    }

    /** A zig-zag number that has to fit in 32 bits. */
    int readInt(String what) {
        int start = at;
        long value = readLong(what);
        if (value != (int) value) {
            throw mismatch(start, "a number of more than 32 bits", what);
        }
        return (int) value;
    }

    /** The length that goes before strings and bytes, checked against what is there. */
    private int readLength(String what) {
        int start = at;
        long length = readLong(what);
        if (length < 0 || length > end - at) {
            throw mismatch(start, "a length of " + length + " with " + Counted.of(end - at, "byte") + " left", what);
        }
        return (int) length;
    }

    void skipBytes(String what) {
        int length = readLength(what); // moves: read before it is added to
        at += length;
    }

    void skipString(String what) {
        int length = readLength(what);
        int stop = at + length;
        int index = Utf8.validTo(bytes, at, stop);
        if (index < stop) {
            throw mismatch(index, String.format("byte 0x%02x, which is not UTF-8 there", bytes[index]), what);
        }
        at = stop;
    }

    /** Begins items of an array or a map; {@code minBytes} is the least that one of them occupies. */
    void items(long count, int minBytes, String what) {
        if (minBytes > 0 && count > (end - at) / minBytes) {
            throw mismatch(at, Counted.of(count, "item") + " with " + Counted.of(end - at, "byte") + " left", what);
        }
        items += count;
        if (items < 0 || items > limits.itemsMax()) {
            throw new Mismatch(
                    Reason.LIMIT,
                    "more than " + Counted.of(limits.itemsMax(), "item"),
                    "no more in one record",
                    offsetBytes());
        }
    }

    void enter() {
        if (++depth > limits.depthMax()) {
            throw new Mismatch(
                    Reason.LIMIT,
                    "more than " + Counted.of(limits.depthMax(), "level") + " of nesting",
                    "no more in one record",
                    offsetBytes());
        }
    }

    void leave() {
        depth--;
    }

    Mismatch mismatch(int absolute, String found, String expected) {
        return new Mismatch(Reason.PAYLOAD, found, expected, absolute - begin);
    }

    /** As {@link #mismatch(int, String, String)}, right here. */
    Mismatch mismatch(String found, String expected) {
        return mismatch(at, found, expected);
    }

    private Mismatch cutShort(String what) {
        return new Mismatch(Reason.PAYLOAD, "the end of the record", what, end - begin);
    }
}
