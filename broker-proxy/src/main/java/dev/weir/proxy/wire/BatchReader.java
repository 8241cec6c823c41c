package dev.weir.proxy.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Reads the headers of record batches (format 2, KIP-98) and of messages (formats 0 and 1) out of a records field that
 * comes in chunks split at any byte, and steps over all else: nothing is decompressed, and nothing is allocated but room
 * for one header, when a chunk splits one. What it cannot read it does not report: it never throws. A batch that the
 * field does not hold whole, as a broker may send it at the end of a fetch, is not reported. It retains no buffer. One per connection; not safe for
 * more than one thread.
 */
public final class BatchReader {
    private static final int LENGTH_END = 12;
    private static final int MAGIC_AT = 16;
    private static final int MAGIC_END = 17;
    private static final int HEADER_0_BYTES = 18;
    private static final int HEADER_1_BYTES = 26;
    private static final int HEADER_2_BYTES = 61;
    private static final int COMPRESSION = 0x07;

    private @Nullable ByteBuf split;
    private int splitBytes;
    private int skipBytes;
    private int leftBytes;
    private boolean readable;

    /**
     * Begins a field.
     *
     * @param lengthBytes all of it; negative for null
     */
    public void begin(int lengthBytes) {
        leftBytes = lengthBytes;
        skipBytes = 0;
        splitBytes = 0;
        readable = lengthBytes > 0;
    }

    /** Reads the next bytes of the field, at an absolute index. */
    public void read(ByteBuf in, int index, int lengthBytes, BatchVisitor batches) {
        int at = index;
        int end = index + lengthBytes;
        while (readable && at < end) {
            if (skipBytes > 0) {
                int skipped = Math.min(skipBytes, end - at);
                at += skipped;
                skipBytes -= skipped;
                leftBytes -= skipped;
            } else if (splitBytes == 0 && end - at >= HEADER_2_BYTES) {
                skipBytes = header(in, at, 0, batches);
            } else {
                at += collect(in, at, end, batches);
            }
        }
    }

    /** Takes bytes of a header that is not in this chunk as a whole. */
    private int collect(ByteBuf in, int at, int end, BatchVisitor batches) {
        ByteBuf header = split;
        if (header == null) {
            header = Unpooled.buffer(HEADER_2_BYTES, HEADER_2_BYTES);
            split = header;
        }
        int taken = Math.min(needed(header) - splitBytes, end - at);
        header.setBytes(splitBytes, in, at, taken);
        splitBytes += taken;
        leftBytes -= taken;
        if (splitBytes == needed(header)) {
            int sizeBytes = header(header, 0, splitBytes, batches);
            skipBytes = sizeBytes - splitBytes;
            splitBytes = 0;
        }
        return taken;
    }

    private int needed(ByteBuf header) {
        if (splitBytes < MAGIC_END) {
            return MAGIC_END;
        }
        return switch (header.getByte(MAGIC_AT)) {
            case 0 -> HEADER_0_BYTES;
            case 1 -> HEADER_1_BYTES;
            default -> HEADER_2_BYTES;
        };
    }

    /**
     * Reads a header that is there as a whole.
     *
     * @param taken how many of its bytes are no longer counted as left
     * @return how long the batch is
     */
    private int header(ByteBuf in, int at, int taken, BatchVisitor batches) {
        int magic = in.getByte(at + MAGIC_AT);
        long sizeBytes = LENGTH_END + (long) in.getInt(at + LENGTH_END - 4);
        int headerBytes = magic == 2 ? HEADER_2_BYTES : magic == 1 ? HEADER_1_BYTES : HEADER_0_BYTES;
        if (magic < 0 || magic > 2 || sizeBytes < headerBytes || sizeBytes > (long) leftBytes + taken) {
            readable = false;
            return taken;
        }
        if (magic == 2) {
            batch(in, at, (int) sizeBytes, batches);
        } else {
            message(in, at, (int) sizeBytes, magic, batches);
        }
        return (int) sizeBytes;
    }

    private void batch(ByteBuf in, int at, int sizeBytes, BatchVisitor batches) {
        long baseOffset = in.getLong(at);
        int lastOffsetDelta = in.getInt(at + 23);
        int records = in.getInt(at + 57);
        if (baseOffset < 0 || lastOffsetDelta < 0 || records < 0 || records - 1 > lastOffsetDelta) {
            return;
        }
        batches.batch(
                baseOffset,
                baseOffset + lastOffsetDelta,
                records,
                sizeBytes,
                in.getShort(at + 21),
                in.getLong(at + 35),
                in.getLong(at + 43));
    }

    private static void message(ByteBuf in, int at, int sizeBytes, int magic, BatchVisitor batches) {
        long offset = in.getLong(at);
        int attributes = in.getByte(at + 17);
        boolean compressed = (attributes & COMPRESSION) != 0;
        batches.batch(
                offset,
                offset,
                compressed ? BatchVisitor.UNKNOWN_RECORDS : 1,
                sizeBytes,
                attributes & COMPRESSION,
                magic == 1 ? in.getLong(at + 18) : -1,
                -1);
    }
}
