package dev.weir.proxy.batch;

/**
 * How large a batch may become while it is patched. Beyond a limit it is answered MESSAGE_TOO_LARGE, upon which a producer
 * sends the records again in smaller batches.
 *
 * @param recordsBytesMax the records of one batch, decompressed, before the change or after it
 * @param decompressionRatioMax how many bytes one compressed byte may become; the first MiB is free of it
 */
public record BatchLimits(int recordsBytesMax, int decompressionRatioMax) {
    private static final int FREE_BYTES = 1 << 20;

    public static final BatchLimits DEFAULT = new BatchLimits(64 << 20, 1_000);

    /** How large the records of a batch may be that takes so many bytes compressed. */
    int decompressedBytesMax(int compressedBytes) {
        long byRatio = Math.max(FREE_BYTES, (long) compressedBytes * decompressionRatioMax);
        return (int) Math.min(recordsBytesMax, byRatio);
    }

    /** The same, with fewer bytes. */
    public BatchLimits atMost(int bytesMax) {
        return bytesMax >= recordsBytesMax ? this : new BatchLimits(bytesMax, decompressionRatioMax);
    }
}
