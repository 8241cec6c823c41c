package dev.weir.proxy.batch;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.mesh.origin.RecordOrigin;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Signs the records of one batch.
 *
 * @param topicId of the topic that they are written to
 * @param principal what {@code weir-principal} says
 */
public record RecordSigner(OriginSigner signer, String clusterId, UUID topicId, int partition, String principal) {

    /** The value of the record's signature header. */
    byte[] sign(ByteBuffer in, RecordView record) {
        return signer.sign(new RecordOrigin(
                clusterId,
                topicId,
                partition,
                record.baseTimestampMillis + record.timestampDelta,
                part(in, record.keyAt, record.keyBytes),
                part(in, record.valueAt, record.valueBytes),
                principal));
    }

    private static @Nullable ByteBuffer part(ByteBuffer in, int at, int lengthBytes) {
        return lengthBytes < 0 ? null : in.slice(at, lengthBytes);
    }
}
