package dev.weir.proxy.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Looks at what blocks of snappy say they will become, before a decoder allocates as much: a block begins with its
 * length as a varint, up to 4 GiB in five bytes. Producers write either one such block, or blocks with their sizes in front,
 * behind a header of 16 bytes (snappy-java's format).
 */
final class SnappyClaims {
    private static final long MAGIC = 0x82_53_4E_41_50_50_59_00L; // -126, "SNAPPY", 0
    private static final int HEADER_BYTES = 16;
    private static final int MAGIC_INT = (int) (MAGIC >>> 32);
    /** No element of the format makes more of a byte: a copy of 64 bytes takes three (format description, section 2.2). */
    private static final int RATIO_MAX = 22;

    private static final int SLACK_BYTES = 64;
    private static final int VARINT_BYTES_MAX = 5;

    private SnappyClaims() {}

    /** Throws when a block claims more than it can hold, or than is wanted. What is cut off is not its business. */
    static void check(ByteBuffer body, int blockBytesMax) throws IOException {
        int at = body.position();
        int end = body.limit();
        if (end - at < HEADER_BYTES || body.getLong(at) != MAGIC) {
            checkBlock(body, at, end, blockBytesMax);
            return;
        }
        at += HEADER_BYTES;
        while (end - at >= Integer.BYTES) {
            int blockBytes = body.getInt(at);
            if (blockBytes == MAGIC_INT) {
                at += HEADER_BYTES; // streams may follow one another
                continue;
            }
            at += Integer.BYTES;
            if (blockBytes < 0) {
                throw new IOException("a snappy block of " + blockBytes + " bytes");
            }
            if (blockBytes > end - at) {
                return;
            }
            checkBlock(body, at, at + blockBytes, blockBytesMax);
            at += blockBytes;
        }
    }

    private static void checkBlock(ByteBuffer body, int at, int end, int blockBytesMax) throws IOException {
        long claimed = 0;
        for (int i = 0; i < VARINT_BYTES_MAX && at + i < end; i++) {
            byte next = body.get(at + i);
            claimed |= (long) (next & 0x7F) << (7 * i);
            if (next >= 0) {
                break;
            }
        }
        if (claimed > Math.min(blockBytesMax, (long) RATIO_MAX * (end - at) + SLACK_BYTES)) {
            throw new IOException("a snappy block of " + (end - at) + " bytes claims to become " + claimed);
        }
    }
}
