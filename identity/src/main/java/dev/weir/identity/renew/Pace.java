package dev.weir.identity.renew;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait. What lives is asked for anew after two thirds of its life, a little earlier by chance; after failures
 * the wait doubles, from one second to a minute, and is cut by chance, so that many Weirs do not come back at once.
 */
public final class Pace {
    private static final double SHARE_OF_LIFE = 2.0 / 3;
    private static final double JITTER = 0.1;
    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 60_000;
    private static final long LEAST_MILLIS = 500;

    private final DoubleSupplier chance;

    /**
     * Waits by this chance.
     *
     * @param chance from 0 (inclusive) to 1 (exclusive)
     */
    public Pace(DoubleSupplier chance) {
        this.chance = chance;
    }

    /** From the moment that it is fresh until it is asked for anew. */
    public Duration renewal(Duration lifetime) {
        double share = SHARE_OF_LIFE * (1 - JITTER * chance.getAsDouble());
        return Duration.ofMillis(Math.max(LEAST_MILLIS, (long) (lifetime.toMillis() * share)));
    }

    /** Between two looks at what has no lifetime. */
    public Duration refresh(Duration every) {
        return Duration.ofMillis(
                Math.max(LEAST_MILLIS, (long) (every.toMillis() * (1 - JITTER * chance.getAsDouble()))));
    }

    /**
     * After a failure.
     *
     * @param failures in a row, at least 1
     */
    public Duration retry(int failures) {
        long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 16));
        return Duration.ofMillis(longest / 2 + (long) (longest / 2.0 * chance.getAsDouble()));
    }
}
