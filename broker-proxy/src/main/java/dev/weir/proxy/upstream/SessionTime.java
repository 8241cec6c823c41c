package dev.weir.proxy.upstream;

/** How long a session with a broker is used, which ends it after its lifetime (KIP-368). */
public final class SessionTime {
    /** Kafka's clients choose between 85 and 95 percent. */
    private static final double USED_SHARE = 0.85;

    private SessionTime() {}

    /**
     * When to log in again, or to connect anew, from when it began.
     *
     * @param lifetimeMillis above 0
     * @return at least 1
     */
    public static long usedMillis(long lifetimeMillis) {
        return Math.max(1, (long) (lifetimeMillis * USED_SHARE));
    }
}
