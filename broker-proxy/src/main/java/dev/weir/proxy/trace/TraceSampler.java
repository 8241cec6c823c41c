package dev.weir.proxy.trace;

/**
 * Chooses the requests whose spans are told: the first ones of each second, up to a number. A bound and not a share, so
 * that a busy mesh costs no more than a quiet one. One event loop's own.
 */
public final class TraceSampler {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final int perSecondMax;
    private long secondBeganNanos;
    private int left;

    /**
     * Makes one.
     *
     * @param perSecondMax 0 for never
     */
    public TraceSampler(int perSecondMax) {
        this.perSecondMax = perSecondMax;
        this.left = perSecondMax;
        this.secondBeganNanos = System.nanoTime();
    }

    /** Takes one of those of this second; {@code false} when none is left. */
    public boolean tryTake(long nowNanos) {
        if (nowNanos - secondBeganNanos >= SECOND_NANOS) {
            secondBeganNanos = nowNanos;
            left = perSecondMax;
        }
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
