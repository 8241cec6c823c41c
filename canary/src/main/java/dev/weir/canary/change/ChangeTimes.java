package dev.weir.canary.change;

import java.util.concurrent.TimeUnit;

/**
 * How long things take. The same everywhere in an installation.
 *
 * @param leaseNanos how long a proxy may serve after a beat of its own that was answered
 * @param marginNanos how much longer the controller waits before it counts a proxy out: what clocks may differ by over that time
 * @param changeNanos after which a change that not all proxies have agreed to is given up
 * @param drainPollNanos between two looks at what has been committed, while keys wait to be handed over
 */
public record ChangeTimes(long leaseNanos, long marginNanos, long changeNanos, long drainPollNanos) {
    /** Leases of three seconds. */
    public static final ChangeTimes DEFAULT = new ChangeTimes(
            TimeUnit.SECONDS.toNanos(3),
            TimeUnit.MILLISECONDS.toNanos(500),
            TimeUnit.SECONDS.toNanos(10),
            TimeUnit.MILLISECONDS.toNanos(200));

    /** How often proxies send a beat, and the controller answers them. */
    public long beatNanos() {
        return leaseNanos / 3;
    }
}
