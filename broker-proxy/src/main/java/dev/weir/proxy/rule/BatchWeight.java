package dev.weir.proxy.rule;

import dev.weir.proxy.batch.FetchedBatches;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;

/** How much work batches are, in bytes that are not compressed: one that was compressed costs far more a byte. */
final class BatchWeight {
    private static final int LIGHT_RATIO = 64; // lz4 and snappy
    private static final int HEAVY_RATIO = 2_048; // gzip and zstd

    private BatchWeight() {}

    /** Of all batches that a records field holds whole. */
    static long ofAll(ByteBuffer records) {
        FetchedBatches batches = new FetchedBatches(records);
        long weightBytes = 0;
        while (batches.next()) {
            weightBytes += of(batches.end() - batches.start(), batches.compression());
        }
        return weightBytes;
    }

    private static long of(int sizeBytes, @Nullable CompressionType type) {
        if (type == null || type == CompressionType.NONE) {
            return sizeBytes;
        }
        boolean light = type == CompressionType.LZ4 || type == CompressionType.SNAPPY;
        return (long) sizeBytes * (light ? LIGHT_RATIO : HEAVY_RATIO);
    }
}
