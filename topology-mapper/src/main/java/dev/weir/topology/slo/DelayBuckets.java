package dev.weir.topology.slo;

/**
 * Buckets of commit delays: bucket 0 is below 125 ms, each next one ends 2^(1/8) further, and the last is for ever. Of
 * an objective's time, which is somewhere in its bucket, the share of the bucket in time is taken in proportion, so that
 * records count wrongly only when they took within 9 % of the objective's time.
 */
final class DelayBuckets {
    static final int NEVER = 255;

    private static final double FLOOR_MILLIS = 125;
    private static final double PER_DOUBLING = 8;

    private DelayBuckets() {}

    static int of(long delayMillis) {
        if (delayMillis < FLOOR_MILLIS) {
            return 0;
        }
        double doublings = Math.log(delayMillis / FLOOR_MILLIS) / Math.log(2);
        return (int) Math.min(NEVER - 1, 1 + Math.floor(doublings * PER_DOUBLING + 1e-9));
    }

    /** Share of a bucket's records that took at most so long. */
    static double shareWithin(int bucket, long millis) {
        if (bucket >= NEVER) {
            return 0;
        }
        double from = bucket == 0 ? 0 : end(bucket - 1);
        return Math.max(0, Math.min(1, (millis - from) / (end(bucket) - from)));
    }

    private static double end(int bucket) {
        return FLOOR_MILLIS * Math.pow(2, bucket / PER_DOUBLING);
    }
}
