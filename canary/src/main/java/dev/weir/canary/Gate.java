package dev.weir.canary;

/**
 * Holds back keys that changed sides, in one partition, until the side before is through with them.
 *
 * @param epoch in which they changed
 * @param fence from this offset on
 * @param waitsFor the side that has to commit that offset
 */
public record Gate(PartitionRef partition, long epoch, long fence, Side waitsFor) {}
