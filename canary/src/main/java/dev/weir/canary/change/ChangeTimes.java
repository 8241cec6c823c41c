package dev.weir.canary.change;

import java.util.concurrent.TimeUnit;

/**
 * How long things take. The same everywhere in an installation.
 *
 * @param leaseNanos how long a proxy may serve after a beat of its own that was answered: longer than it takes until a controller that died
 *     is replaced
 * @param marginNanos how much longer the controller waits before it counts a proxy out: what clocks may differ by over that time
 * @param beatNanos how often proxies send a beat, and the controller answers them
 * @param changeNanos after which a change that not all proxies have agreed to is given up: for so long nothing is served at most, as
 *     long as there is a controller
 * @param drainPollNanos between two looks at what has been committed, while keys wait to be handed over
 */
public record ChangeTimes(long leaseNanos, long marginNanos, long beatNanos, long changeNanos, long drainPollNanos) {
    /** Leases of twenty seconds. */
    public static final ChangeTimes DEFAULT = new ChangeTimes(
            TimeUnit.SECONDS.toNanos(20),
            TimeUnit.SECONDS.toNanos(2),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.SECONDS.toNanos(2),
            TimeUnit.MILLISECONDS.toNanos(200));
}
