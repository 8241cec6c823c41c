package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;

/** What the headers of requests and responses have in common: a tagged section, and that they may be there in part. */
abstract sealed class FrameHeader permits RequestHeader, ResponseHeader {

    /** A header of more bytes is refused: a client id has at most 32 KiB, and no tagged field is known yet. */
    public static final int LENGTH_BYTES_MAX = 64 * 1024;

    /** Given instead of a length when the header goes on after the bytes that are there. */
    public static final int NEED_MORE = 0;

    int cursor;
    int limit;
    int frameEnd;
    private int varint;

    /** For people: which header this is. */
    abstract String what();

    final void begin(int index, int availableEnd, int end) {
        cursor = index;
        limit = availableEnd;
        frameEnd = end;
    }

    final int needMore(int availableBytes, int frameBytes) {
        if (availableBytes == frameBytes) {
            throw malformed("does not end with the frame, after " + frameBytes + " bytes");
        }
        if (availableBytes >= LENGTH_BYTES_MAX) {
            throw malformed("has more than " + LENGTH_BYTES_MAX + " bytes");
        }
        return NEED_MORE;
    }

    /** Steps over the tagged section; false when it goes on after the limit. */
    final boolean skipTags(ByteBuf in) {
        if (!readVarint(in)) {
            return false;
        }
        int count = varint;
        if (count < 0 || count > (frameEnd - cursor) / 2) {
            throw malformed("has " + count + " tagged fields, with " + (frameEnd - cursor) + " bytes left");
        }
        for (int i = 0; i < count; i++) {
            boolean tag = readVarint(in);
            boolean size = tag && readVarint(in);
            if (!size) {
                return false;
            }
            if (varint < 0 || varint > frameEnd - cursor) {
                throw malformed("has a tagged field of " + varint + " bytes, with " + (frameEnd - cursor) + " left");
            }
            if (varint > limit - cursor) {
                return false;
            }
            cursor += varint;
        }
        return true;
    }

    private boolean readVarint(ByteBuf in) {
        varint = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (cursor >= limit) {
                return false;
            }
            byte next = in.getByte(cursor++);
            varint |= (next & 0x7F) << shift;
            if (next >= 0) {
                return true;
            }
        }
        throw malformed("has a varint of more than 5 bytes");
    }

    final MalformedFrameException malformed(String reason) {
        return new MalformedFrameException(what() + ": " + reason);
    }
}
