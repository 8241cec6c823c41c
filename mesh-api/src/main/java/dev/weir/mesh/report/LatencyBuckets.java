package dev.weir.mesh.report;

/**
 * The buckets of a {@code LatencySketch}: bucket {@code i} holds values in microseconds from {@code 2^(i/16)} up to,
 * and without, {@code 2^((i+1)/16)}. A value read back from its bucket's geometric middle is off by at most 2.2 %.
 */
public final class LatencyBuckets {
    public static final int PER_DOUBLING = 16;
    /** About 13 hours; what takes longer is counted here. */
    public static final int LAST = 35 * PER_DOUBLING + 15;

    private static final double SCALE = PER_DOUBLING / Math.log(2);

    private LatencyBuckets() {}

    /** The bucket of a value; what is below a microsecond is in bucket 0. */
    public static int of(long micros) {
        return micros <= 1 ? 0 : Math.min(LAST, (int) (Math.log((double) micros) * SCALE + 1e-9));
    }

    /** The least value of a bucket, in microseconds. */
    public static double floorMicros(int bucket) {
        return Math.exp(bucket / SCALE);
    }

    /** What a value of the bucket is taken for, in microseconds. */
    public static double middleMicros(int bucket) {
        return Math.exp((bucket + 0.5) / SCALE);
    }
}
