package dev.weir.canary;

/**
 * Puts all records of a partition into one bucket, so that whole partitions change sides and nobody has to look at records.
 *
 * <p>Partition {@code p} is in the bucket at the fractional part of {@code p} times the golden ratio. Its multiples never come close to each other
 * (Weyl 1916, Knuth, The Art of Computer Programming 3, 6.4): of the first n partitions, for each n, a weight has its share, give or take less
 * than three for n up to 200. How many partitions there are has no say, so partitions may be added without a record changing sides. Partition
 * 0 is in bucket 0: any weight above 0 has at least that one. The order of partitions is the same in every topic and every canary: what
 * lies in partitions of the same number, as topics that are joined do, goes to one side.
 */
public record WholePartitions() implements Buckets {
    /** The fractional part of the golden ratio in units of 2^-64, made odd. */
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    @Override
    public int bucket(int partition, long offset, RecordFields record) {
        return bucketOfAll(partition);
    }

    @Override
    public int bucketOfAll(int partition) {
        long fraction =
                partition * GOLDEN_RATIO; // its upper half is exact enough for every number that a partition can have
        return (int) (((fraction >>> Integer.SIZE) * Weight.ALL) >>> Integer.SIZE);
    }
}
