package dev.weir.schema.bytes;

/** Numbers whose sign is in the lowest bit, as Avro and Protocol Buffers write them: 0, -1, 1, -2 are 0, 1, 2, 3. */
public final class ZigZag {
    private ZigZag() {}

    /** The number that was written so. */
    public static long decode(long written) {
        return (written >>> 1) ^ -(written & 1);
    }
}
