package dev.weir.proxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that came and were not consumed yet: mostly none, or the one buffer that the last read gave. Owns what it holds.
 */
final class Unread {
    /** A rest up to this size is copied in front of what comes next, so that composites do not nest. */
    private static final int COPIED_BYTES_MAX = 4096;

    private @Nullable ByteBuf bytes;

    /** Takes over a buffer. */
    void add(ByteBufAllocator allocator, ByteBuf more) {
        ByteBuf held = bytes;
        if (held == null) {
            bytes = more;
        } else if (held instanceof CompositeByteBuf composite && composite.refCnt() == 1) {
            composite.addComponent(true, more);
        } else {
            CompositeByteBuf composite = allocator.compositeBuffer(64);
            ByteBuf first = held;
            if (held.readableBytes() <= COPIED_BYTES_MAX) {
                first = allocator.buffer(held.readableBytes()).writeBytes(held);
                held.release();
            }
            bytes = composite.addComponent(true, first).addComponent(true, more);
        }
    }

    /** The bytes to read from, or {@code null} when there are none. */
    @Nullable
    ByteBuf peek() {
        ByteBuf held = bytes;
        if (held != null && !held.isReadable()) {
            held.release();
            bytes = null;
        }
        return bytes;
    }

    /**
     * The rest waits for more to come: a small one is moved to a buffer of its size, so that a few bytes do not keep a
     * large read buffer alive.
     */
    void settle(ByteBufAllocator allocator) {
        ByteBuf held = peek();
        if (held != null && held.readableBytes() <= COPIED_BYTES_MAX && held.capacity() > 2 * COPIED_BYTES_MAX) {
            bytes = allocator.buffer(held.readableBytes()).writeBytes(held);
            held.release();
        }
    }

    void release() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
