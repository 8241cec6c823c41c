package dev.weir.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class in whose time Netty reported a buffer that nobody released. Every buffer is watched, which is slow.
 * Netty finds a leak when the buffer's object is collected, and tells when the next buffer is made: both are brought
 * about at the end.
 */
public final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakCheck.class);
    private static final int ROUNDS = 3;

    private record Watch(LogCapture log, ResourceLeakDetector.Level before) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        context.getStore(NAMESPACE)
                .put(context.getUniqueId(), new Watch(LogCapture.of(ResourceLeakDetector.class.getName()), before));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Watch watch = context.getStore(NAMESPACE).remove(context.getUniqueId(), Watch.class);
        try (LogCapture log = watch.log()) {
            for (int i = 0; i < ROUNDS; i++) {
                System.gc();
                ByteBuf probe = PooledByteBufAllocator.DEFAULT.directBuffer(1);
                probe.release();
            }
            if (!log.events().isEmpty()) {
                throw new AssertionError("Netty found buffers that nobody released:\n"
                        + log.events().get(0).getFormattedMessage());
            }
        } finally {
            ResourceLeakDetector.setLevel(watch.before());
        }
    }
}
