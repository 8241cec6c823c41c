package dev.weir.topology.login;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Log-ins that failed, at most one line every ten seconds: anybody can send a bad token, and as many as he likes. Says how
 * many were left out, and nothing that a terminal would obey. Any thread.
 */
final class FailureLog {
    static final long INTERVAL_MILLIS = 10_000;
    private static final int REASON_LENGTH_MAX = 300;

    private final Logger log;
    private final Clock clock;
    private final AtomicLong nextMillis = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong suppressed = new AtomicLong();

    FailureLog(Logger log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    void failed(String reason) {
        long now = clock.millis();
        long next = nextMillis.get();
        if (now < next || !nextMillis.compareAndSet(next, now + INTERVAL_MILLIS)) {
            suppressed.incrementAndGet();
            return;
        }
        log.atWarn()
                .addKeyValue("reason", Names.printable(reason, REASON_LENGTH_MAX))
                .addKeyValue("suppressed", suppressed.getAndSet(0))
                .log("a log-in failed");
    }
}
