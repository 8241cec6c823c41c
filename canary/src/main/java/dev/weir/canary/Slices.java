package dev.weir.canary;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Cuts keys into {@link Weight#ALL} buckets, for one canary. The lowest buckets are the canary's, so that a higher weight only adds keys
 * to it. Each canary has another order of keys, so that it is not always the same customers who try what is new; within one, a key has the same
 * bucket in every topic. Immutable; any thread.
 */
public final class Slices implements Buckets {
    private final String canary;
    private final long seed;

    /**
     * @param canary its name
     */
    public Slices(String canary) {
        this.canary = canary;
        byte[] name = canary.getBytes(StandardCharsets.UTF_8);
        seed = KeyHash.of(name, 0, name.length, 0);
    }

    @Override
    public int bucket(int partition, long offset, RecordFields record) {
        return record.keyBytes() < 0
                ? bucketOfKeyless(partition, offset)
                : bucket(record.bytes(), record.keyOffset(), record.keyBytes());
    }

    /** The bucket of a key, from 0 to {@link Weight#ALL} - 1. Allocates nothing. */
    public int bucket(byte[] bytes, int offset, int lengthBytes) {
        return bucket(KeyHash.of(bytes, offset, lengthBytes, seed));
    }

    /** The bucket of a record without a key: by its place, so that it has one owner, but not the same as its neighbours. */
    public int bucketOfKeyless(int partition, long offset) {
        return bucket(KeyHash.of(offset, seed ^ ((long) partition << Integer.SIZE)));
    }

    private static int bucket(long hash) {
        return (int) (((hash >>> Integer.SIZE) * Weight.ALL) >>> Integer.SIZE);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Slices slices && canary.equals(slices.canary);
    }

    @Override
    public int hashCode() {
        return canary.hashCode();
    }

    @Override
    public String toString() {
        return "slices of " + canary;
    }
}
