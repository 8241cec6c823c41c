package dev.weir.proxy.traffic;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much was used of a rate, as a time: until when what has been taken is paid for. Each amount moves that time on by what it costs at the
 * rate; a time before now is what was saved up, at most a burst. It is the token bucket, without anybody who fills it. Any thread; allocates and
 * locks nothing.
 */
final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final AtomicLong paidUntilNanos;
    private final LongAdder used = new LongAdder();

    /** Begins with a whole burst. */
    TokenBucket(long nowNanos, long burstNanos) {
        paidUntilNanos = new AtomicLong(nowNanos - burstNanos);
    }

    /**
     * Takes an amount, whether there is so much or not.
     *
     * @param amount less than 9,000,000,000
     * @param perSecond what comes back in a second, above 0
     * @param owedMaxNanos what is owed beyond this is forgotten: nobody waits for longer
     * @param forgiving whether what is owed is forgotten at once, since nobody waits for it
     * @return for how many nanoseconds nothing more should be taken; 0 when there is some left
     */
    long take(long amount, long perSecond, long burstNanos, long owedMaxNanos, long nowNanos, boolean forgiving) {
        used.add(amount);
        long costNanos = amount * NANOS_PER_SECOND / perSecond;
        while (true) {
            long before = paidUntilNanos.get();
            long from = Math.max(before - nowNanos, -burstNanos);
            long owedNanos = Math.min(from + costNanos, owedMaxNanos);
            long after = nowNanos + (forgiving ? Math.min(owedNanos, 0) : owedNanos);
            if (paidUntilNanos.compareAndSet(before, after)) {
                return Math.max(owedNanos, 0);
            }
        }
    }

    /** All that was ever taken. */
    long used() {
        return used.sum();
    }
}
