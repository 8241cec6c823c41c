package dev.weir.proxy.reload;

import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks at files once a second, on a worker thread, never twice at once. */
public final class ReloadTimer implements AutoCloseable {
    private static final long EVERY_MILLIS = 1_000;

    private final Vertx vertx;
    private final Runnable look;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final long timer;

    /** Starts at once. */
    public ReloadTimer(Vertx vertx, Runnable look) {
        this.vertx = vertx;
        this.look = look;
        this.timer = vertx.setPeriodic(EVERY_MILLIS, tick -> tick());
    }

    private void tick() {
        if (looking.compareAndSet(false, true)) {
            vertx.executeBlocking(
                            () -> {
                                look.run();
                                return null;
                            },
                            false)
                    .onComplete(done -> looking.set(false));
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
