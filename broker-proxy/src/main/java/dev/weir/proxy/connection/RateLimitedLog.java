package dev.weir.proxy.connection;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * A log that a peer cannot flood: a line for each kind of event at most once a second, with the number of those that
 * were left out since the last. Any thread.
 */
public final class RateLimitedLog {
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private static final class Gate {
        private final AtomicLong nextNanos = new AtomicLong(System.nanoTime() - 1);
        private final AtomicLong suppressed = new AtomicLong();
    }

    private final Logger log;
    private final Map<Object, Gate> gates = new ConcurrentHashMap<>();

    RateLimitedLog(Logger log) {
        this.log = log;
    }

    /**
     * Says at warning level that a connection ends.
     *
     * @param kind the kind of event, from a bounded set
     */
    void warn(Object kind, String listener, Object peer, String reason) {
        warn(kind, listener, peer, reason, "connection closed");
    }

    /** As {@link #warn(Object, String, Object, String)}, of something else; the message is constant. */
    void warn(Object kind, String listener, Object peer, String reason, String message) {
        Gate gate = gates.computeIfAbsent(kind, absent -> new Gate());
        long next = gate.nextNanos.get();
        long now = System.nanoTime();
        if (now - next < 0 || !gate.nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
            gate.suppressed.incrementAndGet();
            return;
        }
        log.atWarn()
                .addKeyValue("listener", listener)
                .addKeyValue("peer", peer)
                .addKeyValue("kind", kind)
                .addKeyValue("reason", reason)
                .addKeyValue("suppressed", gate.suppressed.getAndSet(0))
                .log(message);
    }
}
