package dev.weir.canary;

/**
 * Puts records into buckets from 0 on. A canary of a weight owns the records of the buckets below it. Immutable; any thread; asked for every
 * record, it allocates nothing.
 */
public sealed interface Buckets permits Slices, Matching {
    /**
     * The bucket of a record.
     *
     * @param offset its place in the partition
     * @return from 0 to {@link Weight#ALL}; that last one is the canary's at no weight
     */
    int bucket(int partition, long offset, RecordFields record);
}
