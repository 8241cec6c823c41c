package dev.weir.proxy.tls;

import java.util.concurrent.Executor;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that do the arithmetic of TLS handshakes: key exchange, signatures, chains of certificates. They are fewer than
 * there are processors, so that a burst of connections leaves event loops their share. A handshake that has begun goes before
 * one that has not: whoever is half in gets in, where otherwise all would wait for all, and too long. Closed with the proxy.
 */
public final class HandshakeThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;
    private final AtomicLong steps = new AtomicLong();

    public HandshakeThreads() {
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new PriorityBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "weir-tls-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /** The steps of one handshake. */
    Executor forOne() {
        return new Handshake();
    }

    /** Asked for each step by the event loop of its connection, one after the other. */
    private final class Handshake implements Executor {
        private boolean begun;

        @Override
        public void execute(Runnable work) {
            pool.execute(new Step(work, begun, steps.getAndIncrement()));
            begun = true;
        }
    }

    private record Step(Runnable work, boolean begun, long number) implements Runnable, Comparable<Step> {
        @Override
        public int compareTo(Step other) {
            return begun == other.begun ? Long.compare(number, other.number) : begun ? -1 : 1;
        }

        @Override
        public void run() {
            work.run();
        }
    }

    /** How many steps there were so far, of all handshakes. */
    public long steps() {
        return steps.get();
    }

    /** Steps that wait are dropped: their connections are closed by then. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
