package dev.weir.proxy.report;

import java.util.concurrent.TimeUnit;

/**
 * When the rounds of one proxy end: on all event loops at once, so that what a report says up to a time is all that the
 * proxy saw up to it, and shortly before the reporter looks, so that none waits. Proxies are not in step with each other.
 * Any thread.
 */
final class Rounds {
    /** Share of a round that loops have to end it in. */
    private static final int GRACE = 8;

    private final long intervalMillis;
    private final long startNanos;

    Rounds(long intervalMillis, long startNanos) {
        this.intervalMillis = intervalMillis;
        this.startNanos = startNanos;
    }

    /** Until loops end a round; at least a millisecond. */
    long untilEndMillis(long nowNanos) {
        return until(0, nowNanos);
    }

    /** Until the reporter takes what they ended. */
    long untilTakenMillis(long nowNanos) {
        return until(intervalMillis / GRACE, nowNanos);
    }

    private long until(long afterMillis, long nowNanos) {
        long sinceMillis = TimeUnit.NANOSECONDS.toMillis(nowNanos - startNanos) - afterMillis;
        return intervalMillis - Math.floorMod(sinceMillis, intervalMillis);
    }
}
