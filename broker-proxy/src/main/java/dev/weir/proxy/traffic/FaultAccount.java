package dev.weir.proxy.traffic;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The requests that were drawn for one fault, and when that was last said. Any thread. */
final class FaultAccount {
    private static final long LOG_EVERY_NANOS = 10_000_000_000L;

    private final LongAdder injected = new LongAdder();
    private final LongAdder dryRun = new LongAdder();
    private final LongAdder spared = new LongAdder();
    private final AtomicLong nextLogNanos = new AtomicLong(System.nanoTime());

    void add(FaultOutcome outcome) {
        counter(outcome).increment();
    }

    long count(FaultOutcome outcome) {
        return counter(outcome).sum();
    }

    private LongAdder counter(FaultOutcome outcome) {
        return switch (outcome) {
            case INJECTED -> injected;
            case DRY_RUN -> dryRun;
            case SPARED -> spared;
        };
    }

    /** Whether it is to be said now: it is at most once in ten seconds. */
    boolean mayLog(long nowNanos) {
        long next = nextLogNanos.get();
        return nowNanos - next >= 0 && nextLogNanos.compareAndSet(next, nowNanos + LOG_EVERY_NANOS);
    }
}
