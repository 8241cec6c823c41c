package dev.weir.proxy.rule;

import dev.weir.mesh.origin.OriginSignature;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.origin.OriginVerifier.Verdict;
import dev.weir.mesh.origin.RecordOrigin;
import dev.weir.policy.decide.Verification;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.telemetry.Unverified;
import dev.weir.proxy.telemetry.VerificationMetrics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** What the signatures in one batch after the other prove. One thread. */
final class BatchVerdicts implements RecordReader.Visitor {
    private final RecordRead read;
    private final UUID topicId;
    private final @Nullable OriginVerifier verifier;
    private final @Nullable String clusterId;
    /** Of each record; {@code null} for a genuine one. */
    private final List<@Nullable Unverified> found = new ArrayList<>();

    private boolean appendTime;
    private long firstOffsetDelta;

    /**
     * Makes one.
     *
     * @param verifier {@code null} when there are no keys
     * @param clusterId {@code null} when it is not known yet
     */
    BatchVerdicts(RecordRead read, @Nullable OriginVerifier verifier, @Nullable String clusterId) {
        this.read = read;
        this.verifier = verifier;
        this.clusterId = clusterId;
        Uuid id = read.topicId();
        this.topicId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /**
     * A batch begins.
     *
     * @param brokersTime whether brokers have given its records their own time; what was signed is still in it
     */
    void begin(boolean brokersTime) {
        found.clear();
        appendTime = brokersTime;
        firstOffsetDelta = -1;
    }

    /** A batch's records cannot be looked at. */
    void ofNone(Unverified why) {
        begin(false);
        found.add(why);
    }

    @Override
    public void visit(int index, RecordReader record) {
        Unverified why = verdict(record);
        if (why != null && firstOffsetDelta < 0) {
            firstOffsetDelta = record.offsetDelta();
        }
        found.add(why);
    }

    private @Nullable Unverified verdict(RecordReader record) {
        int signatures = record.countHeaders(OriginSignature.HEADER);
        byte[] signature = record.lastHeader(OriginSignature.HEADER);
        byte[] principal = record.lastHeader(HeaderPatch.PRINCIPAL);
        if (signatures == 0) {
            return Unverified.MISSING;
        }
        if (signatures > 1
                || record.countHeaders(HeaderPatch.PRINCIPAL) != 1
                || signature == null
                || principal == null) {
            return Unverified.FORGED; // one consumer would read this header, and another that
        }
        if (verifier == null) {
            return Unverified.NO_KEYS;
        }
        if (clusterId == null || read.topicId().equals(Uuid.ZERO_UUID)) {
            return Unverified.UNKNOWN_PLACE;
        }
        RecordOrigin origin = new RecordOrigin(
                clusterId,
                topicId,
                read.partition(),
                record.timestampMillis(),
                part(record.bytes(), record.keyOffset(), record.keyBytes()),
                part(record.bytes(), record.valueOffset(), record.valueBytes()),
                new String(principal, StandardCharsets.UTF_8));
        return reason(verifier.verify(origin, signature));
    }

    private @Nullable Unverified reason(Verdict verdict) {
        return switch (verdict) {
            case GENUINE -> null;
            case UNSIGNED -> Unverified.MISSING;
            case UNKNOWN_KEY -> Unverified.UNKNOWN_KEY;
            case FORGED -> appendTime ? Unverified.APPEND_TIME : Unverified.FORGED;
        };
    }

    private static @Nullable ByteBuffer part(byte[] bytes, int offset, int lengthBytes) {
        return lengthBytes < 0 ? null : ByteBuffer.wrap(bytes, offset, lengthBytes);
    }

    boolean allGenuine() {
        return found.stream().allMatch(Objects::isNull);
    }

    /** Of the first record that proves nothing; there is one. */
    Unverified first() {
        return found.stream().filter(Objects::nonNull).findFirst().orElseThrow();
    }

    /** Where that is in its batch; -1 when none could be looked at. */
    long firstOffsetDelta() {
        return firstOffsetDelta;
    }

    /** By the index of a record; {@code null} for a genuine one. */
    @Nullable
    String[] words() {
        return found.stream().map(why -> why == null ? null : why.word()).toArray(String[]::new);
    }

    void count(VerificationMetrics metrics, Verification action) {
        Map<Unverified, Integer> counts = new EnumMap<>(Unverified.class);
        for (Unverified why : found) {
            if (why != null) {
                counts.merge(why, 1, Integer::sum);
            }
        }
        int genuine = found.size()
                - counts.values().stream().mapToInt(Integer::intValue).sum();
        if (genuine > 0) {
            metrics.verified(read.topic(), null, action, genuine);
        }
        counts.forEach((why, records) -> metrics.verified(read.topic(), why, action, records));
    }
}
