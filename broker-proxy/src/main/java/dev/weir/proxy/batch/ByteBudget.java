package dev.weir.proxy.batch;

import java.util.concurrent.atomic.AtomicLong;

/** Memory for batches that wait for somebody: bounded in bytes, and nobody waits for it. Any thread. */
public final class ByteBudget {
    private final long bytesMax;
    private final AtomicLong reservedBytes = new AtomicLong();

    /** @param bytesMax of all together; a larger batch goes alone */
    public ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Sets memory aside for a batch; {@code false} when there is too much on its way already. */
    public boolean reserve(long bytes) {
        while (true) {
            long before = reservedBytes.get();
            if (before > 0 && before + bytes > bytesMax) {
                return false;
            }
            if (reservedBytes.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    /** What was reserved is not needed any more. */
    public void release(long bytes) {
        reservedBytes.addAndGet(-bytes);
    }

    /** How much is set aside now. */
    public long reservedBytes() {
        return reservedBytes.get();
    }

    public long bytesMax() {
        return bytesMax;
    }
}
