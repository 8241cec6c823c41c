package dev.weir.canary;

/**
 * Puts records into buckets from 0 on. A canary of a weight owns the records of the buckets below it. Immutable; any thread; asked for every
 * record, it allocates nothing.
 */
public sealed interface Buckets permits Slices, Matching, WholePartitions {
    /** In place of a bucket: it depends on the record. */
    int BY_RECORD = -1;

    /**
     * The bucket of a record.
     *
     * @param offset its place in the partition
     * @return from 0 to {@link Weight#ALL}; that last one is the canary's at no weight
     */
    int bucket(int partition, long offset, RecordFields record);

    /**
     * The bucket of all records of a partition, those that are yet to come among them.
     *
     * @return {@link #BY_RECORD} when they are not of one
     */
    default int bucketOfAll(int partition) {
        return BY_RECORD;
    }
}
