package dev.weir.proxy.config;

/**
 * How much is done for mirrors whose copies go to a cluster.
 *
 * @param memoryBytesMax what all batches together take that wait for it; beyond it batches are dropped. One that is larger goes alone
 * @param deliveryTimeoutMillis how long a batch may wait, from its acknowledgement on, before it is given up
 */
public record MirrorConfig(long memoryBytesMax, int deliveryTimeoutMillis) {
    public static final MirrorConfig DEFAULT = new MirrorConfig(64L << 20, 30_000);
}
