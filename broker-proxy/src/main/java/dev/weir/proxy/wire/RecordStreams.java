package dev.weir.proxy.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.ByteBufferInputStream;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyInputStream;

/** Opens the records of a batch, format 2 (KIP-98), whatever their compression. */
public final class RecordStreams {
    private static final int COMPRESSION_MASK = 7;

    private RecordStreams() {}

    /** The compression that a batch's attributes name, or {@code null} for one that Kafka does not have. */
    public static @Nullable CompressionType compression(int attributes) {
        int id = attributes & COMPRESSION_MASK;
        return id < CompressionType.values().length ? CompressionType.forId(id) : null;
    }

    /**
     * Reads the records decompressed.
     *
     * @param body what follows the batch's header; its position moves
     * @param blockBytesMax what one block of snappy may become; other types have bounds of their own
     * @throws org.apache.kafka.common.KafkaException when the bytes are not what the type says, as reading may, too
     */
    public static InputStream open(CompressionType type, ByteBuffer body, int blockBytesMax) throws IOException {
        return switch (type) {
            case NONE -> new ByteBufferInputStream(body);
            case SNAPPY -> {
                SnappyClaims.check(body, blockBytesMax);
                yield new SnappyInputStream(new ByteBufferInputStream(body), Math.max(1, body.remaining()));
            }
            default ->
                Compression.of(type).build().wrapForInput(body, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING);
        };
    }
}
