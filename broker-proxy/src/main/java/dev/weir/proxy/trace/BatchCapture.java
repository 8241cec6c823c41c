package dev.weir.proxy.trace;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the beginning of a records field, now and then, for a span. Of one direction of one connection; its event loop
 * only.
 */
public final class BatchCapture {
    /** Enough for the headers of the first records; the rest of a large batch is not looked at. */
    private static final int BYTES_MAX = 16 << 10;

    private static final int BATCH_HEADER_BYTES = 61;

    private final TraceSampler sampler;
    private @Nullable ByteBuffer taken;

    public BatchCapture(TraceSampler sampler) {
        this.sampler = sampler;
    }

    /**
     * A records field begins, and is chosen or not.
     *
     * @return what {@link #add} fills until the next field begins, to be flipped then; {@code null} when not chosen
     */
    public @Nullable ByteBuffer begin(int lengthBytes, long nowNanos) {
        taken = null;
        if (lengthBytes > BATCH_HEADER_BYTES && sampler.tryTake(nowNanos)) {
            taken = ByteBuffer.allocate(Math.min(lengthBytes, BYTES_MAX));
        }
        return taken;
    }

    /** The next bytes of the field, at an absolute index. */
    public void add(ByteBuf chunk, int index, int lengthBytes) {
        ByteBuffer into = taken;
        if (into != null && into.hasRemaining()) {
            int bytes = Math.min(into.remaining(), lengthBytes);
            into.limit(into.position() + bytes);
            chunk.getBytes(index, into);
            into.limit(into.capacity());
        }
    }
}
