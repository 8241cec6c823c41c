package dev.weir.proxy.authenticate;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that log-ins use: a few for hashes and signatures, fewer than there are processors, so that a burst of
 * log-ins leaves event loops their share; and one that looks for changes of files and keys. Log-ins that find all of them
 * busy wait in a queue, which holds at most one entry for each connection. Closed with the proxy.
 */
public final class LogInThreads implements AutoCloseable {
    private static final long REFRESH_MILLIS = 500;

    private final ExecutorService workers;
    private final ScheduledExecutorService clock;

    public LogInThreads() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        workers = Executors.newFixedThreadPool(count, named("weir-login"));
        clock = Executors.newSingleThreadScheduledExecutor(named("weir-credentials"));
    }

    Executor workers() {
        return workers;
    }

    /** Runs a look at files and keys again and again. It throws nothing. */
    void refresh(Runnable look) {
        clock.scheduleWithFixedDelay(look, 0, REFRESH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        workers.shutdownNow();
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
