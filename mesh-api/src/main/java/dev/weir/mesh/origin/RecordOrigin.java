package dev.weir.mesh.origin;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a signature is over: who wrote which record, and where to. A signature holds nowhere else: not in another cluster,
 * another topic (also one that was deleted and made again under its name), partition or time.
 *
 * @param clusterId Kafka's id of the cluster
 * @param topicId Kafka's id of the topic (KIP-516), as {@code new UUID(id.getMostSignificantBits(),
 *     id.getLeastSignificantBits())}
 * @param timestampMillis the record's timestamp, as its producer set it; a topic with {@code LogAppendTime} has others
 * @param key the key's bytes, from position to limit; {@code null} where the record has none
 * @param value as the key
 * @param principal the value of {@code weir-principal}
 */
public record RecordOrigin(
        String clusterId,
        UUID topicId,
        int partition,
        long timestampMillis,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        String principal) {
    private static final byte[] DOMAIN = "weir-origin-1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int NULL = -1;

    /**
     * What is signed: {@code weir-origin-1} and a zero byte, then the SHA-256 of all fields in their order. Text is UTF-8; text, key
     * and value have their length in front, 4 bytes, -1 for null; numbers are big-endian, of 4, 8 and 16 bytes.
     */
    byte[] message() {
        MessageDigest digest = sha256();
        text(digest, clusterId);
        digest.update(ByteBuffer.allocate(28)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits())
                .putInt(partition)
                .putLong(timestampMillis)
                .flip());
        bytes(digest, key);
        bytes(digest, value);
        text(digest, principal);
        byte[] hash = digest.digest();
        return ByteBuffer.allocate(DOMAIN.length + hash.length)
                .put(DOMAIN)
                .put(hash)
                .array();
    }

    private static void text(MessageDigest digest, String text) {
        bytes(digest, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void bytes(MessageDigest digest, @Nullable ByteBuffer bytes) {
        int length = bytes == null ? NULL : bytes.remaining();
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
        if (bytes != null) {
            digest.update(bytes.duplicate());
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
