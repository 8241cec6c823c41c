package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/**
 * Reads integers and varints out of a body that comes in chunks split at any byte. What is there only in part is kept in
 * a few fields until the rest comes. It retains no buffer.
 */
abstract sealed class ChunkReader permits BodyReader {

    private static final int VARINT_BYTES_MAX = 5;

    /** Where in the chunk the next byte stands. */
    int cursor;
    /** Where the part of the chunk that is to be read ends. */
    int end;
    /** What was read last. */
    long value;
    /** How many bytes, of chunks to come, are to be stepped over first. */
    int skipBytes;

    /** The place in the body, less the index in the chunk. */
    private int toPosition;

    private int fieldStart;
    private long partial;
    private int partialBytes;

    /** Begins a body. */
    final void restart() {
        cursor = 0;
        end = 0;
        toPosition = 0;
        fieldStart = 0;
        skipBytes = 0;
        partial = 0;
        partialBytes = 0;
    }

    /** Begins a chunk. */
    final void begin(int index, int lengthBytes) {
        toPosition += cursor - index;
        cursor = index;
        end = index + lengthBytes;
    }

    /** How much of the body has been read. */
    int position() {
        return cursor + toPosition;
    }

    /** Where in the body begins what was read last. */
    int fieldStart() {
        return fieldStart;
    }

    final void startField(int position) {
        fieldStart = position;
    }

    abstract MalformedFrameException malformed(String reason);

    /** Moves on over bytes that nobody wants; false when the chunk ends first, and the rest is owed. */
    final boolean stepOver(int bytes) {
        int here = end - cursor;
        if (bytes <= here) {
            cursor += bytes;
            skipBytes = 0;
            return true;
        }
        cursor = end;
        skipBytes = bytes - here;
        return false;
    }

    /** Reads a big-endian integer into {@link #value}; false when the chunk ends first, and the rest is owed. */
    final boolean readFixed(ByteBuf in, int width) {
        if (partialBytes > 0 || end - cursor < width) {
            return readFixedSlowly(in, width);
        }
        int at = cursor;
        fieldStart = at + toPosition;
        cursor = at + width;
        value = switch (width) {
            case 1 -> in.getByte(at);
            case 2 -> in.getShort(at);
            case 4 -> in.getInt(at);
            default -> in.getLong(at);
        };
        return true;
    }

    private boolean readFixedSlowly(ByteBuf in, int width) {
        if (partialBytes == 0) {
            fieldStart = position();
        }
        while (partialBytes < width) {
            if (cursor == end) {
                return false;
            }
            partial = (partial << 8) | (in.getByte(cursor++) & 0xFF);
            partialBytes++;
        }
        // Sign-extended, as the fast way does it.
        int unused = Long.SIZE - Byte.SIZE * width;
        value = partial << unused >> unused;
        partial = 0;
        partialBytes = 0;
        return true;
    }

    /** Reads an unsigned varint of at most 32 bits, as Kafka does: what does not fit comes out negative. */
    final boolean readVarint(ByteBuf in) {
        int at = cursor;
        if (partialBytes == 0 && at < end) {
            byte only = in.getByte(at);
            if (only >= 0) {
                fieldStart = at + toPosition;
                cursor = at + 1;
                value = only;
                return true;
            }
        }
        return readLongVarint(in);
    }

    private boolean readLongVarint(ByteBuf in) {
        if (partialBytes == 0) {
            fieldStart = position();
        }
        while (cursor < end) {
            byte next = in.getByte(cursor++);
            partial |= (long) (next & 0x7F) << (7 * partialBytes);
            partialBytes++;
            if (next >= 0) {
                value = (int) partial;
                partial = 0;
                partialBytes = 0;
                return true;
            }
            if (partialBytes == VARINT_BYTES_MAX) {
                throw malformed("a varint of more than " + VARINT_BYTES_MAX + " bytes");
            }
        }
        return false;
    }
}
