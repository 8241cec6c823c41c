package dev.weir.proxy.batch;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A records field of which some batches are replaced, from its beginning to its end. Nothing is copied as long as nothing changes. Closed by
 * whoever made it. One thread.
 */
public final class FieldEdit implements AutoCloseable {
    private final ByteBuffer field;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf changed;
    private int copied;
    private boolean ended;

    /**
     * Begins.
     *
     * @param field its bytes stay as they are
     */
    public FieldEdit(ByteBuffer field, ByteBufAllocator allocator) {
        this.field = field.slice();
        this.allocator = allocator;
    }

    /** Puts bytes in the place of those from {@code start} to {@code end}. */
    public void replace(int start, int end, ByteBuffer with) {
        copyUpTo(start).writeBytes(with);
        copied = end;
    }

    /** Lets the field end here. */
    public void endAt(int end) {
        copyUpTo(end);
        ended = true;
    }

    /**
     * The field as it is now; nothing can be changed after that.
     *
     * @return a buffer of the caller's, or {@code null} when nothing was changed
     */
    public @Nullable ByteBuf result() {
        ByteBuf result = changed;
        if (result != null && !ended) {
            copyUpTo(field.limit());
        }
        changed = null;
        return result;
    }

    private ByteBuf copyUpTo(int end) {
        ByteBuf out = changed;
        if (out == null) {
            out = allocator.heapBuffer(field.limit() + field.limit() / 8);
            changed = out;
        }
        out.writeBytes(field.slice(copied, end - copied));
        copied = end;
        return out;
    }

    @Override
    public void close() {
        if (changed != null) {
            changed.release();
            changed = null;
        }
    }
}
