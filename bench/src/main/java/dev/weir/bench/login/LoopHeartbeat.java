package dev.weir.bench.login;

import io.netty.util.concurrent.EventExecutor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A task that comes back on an event loop every two milliseconds. What it is late by, the loop was kept from going on, whoever
 * kept it: its own work, other threads that had the processor, the garbage collector. How much processor time the loop used in
 * that time says what of it was its own.
 */
final class LoopHeartbeat {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /**
     * The worst of a time.
     *
     * @param lateNanos by how long a beat was late
     * @param ownNanos the most processor time that the loop used between two beats
     */
    record Worst(long lateNanos, long ownNanos) {
        static final Worst NONE = new Worst(0, 0);

        Worst or(Worst other) {
            return new Worst(Math.max(lateNanos, other.lateNanos), Math.max(ownNanos, other.ownNanos));
        }
    }

    /** Of one loop, and on it. */
    private static final class Beat implements Runnable {
        private final EventExecutor loop;
        private long dueNanos;
        private long cpuNanos;
        private volatile Worst worst = Worst.NONE;
        private volatile boolean ended;

        private Beat(EventExecutor loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            long now = System.nanoTime();
            long cpu = THREADS.getCurrentThreadCpuTime();
            if (dueNanos != 0) {
                worst = worst.or(new Worst(now - dueNanos, cpu - cpuNanos));
            }
            if (!ended) {
                dueNanos = now + EVERY_NANOS;
                cpuNanos = cpu;
                loop.schedule(this, EVERY_NANOS, TimeUnit.NANOSECONDS);
            }
        }
    }

    private final List<Beat> beats = new ArrayList<>();

    private LoopHeartbeat() {}

    /** Begins, on each of these loops. */
    static LoopHeartbeat on(Iterable<EventExecutor> loops) {
        LoopHeartbeat heartbeat = new LoopHeartbeat();
        for (EventExecutor loop : loops) {
            Beat beat = new Beat(loop);
            heartbeat.beats.add(beat);
            loop.execute(beat);
        }
        return heartbeat;
    }

    /** Ends, and says what was the worst on any loop. A loop that does not come back now counts, too. */
    Worst end() {
        Worst worst = Worst.NONE;
        for (Beat beat : beats) {
            beat.ended = true;
            beat.loop.submit(() -> {}).syncUninterruptibly();
            worst = worst.or(beat.worst);
        }
        return worst;
    }
}
