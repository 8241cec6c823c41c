package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.OnViolation;
import dev.weir.schema.Reason;
import io.opentelemetry.api.common.Attributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What one listener counts of records that are held against schemas. Any thread; once per batch and reason. */
public final class SchemaMetrics {
    private final ProxyMetrics metrics;
    private final String listener;
    private final Map<OnViolation, LongAdder> violations = new EnumMap<>(OnViolation.class);
    private final LongAdder deadLettersKept = new LongAdder();
    private final LongAdder deadLettersFailed = new LongAdder();

    SchemaMetrics(ProxyMetrics metrics, String listener) {
        this.metrics = metrics;
        this.listener = listener;
        for (OnViolation onViolation : OnViolation.values()) {
            violations.put(onViolation, new LongAdder());
        }
    }

    /**
     * Records of a batch were looked at.
     *
     * @param service the Service that wrote them, if there is one
     */
    public void checked(String topic, Optional<String> service, int records) {
        metrics.schemaChecked.cell(attributes(topic, service)).add(records);
    }

    /** Records of a batch were not what they have to be. */
    public void violations(
            String topic, Optional<String> service, Reason reason, OnViolation onViolation, int records) {
        counter(onViolation).add(records);
        metrics.schemaViolations
                .cell(attributes(topic, service).toBuilder()
                        .put(AttributeNames.REASON, word(reason))
                        .put(AttributeNames.OUTCOME, word(onViolation))
                        .build())
                .add(records);
    }

    /**
     * Records were to be kept.
     *
     * @param topic where
     * @param kept whether they are
     */
    public void deadLetters(String topic, boolean kept, int records) {
        (kept ? deadLettersKept : deadLettersFailed).add(records);
        metrics.schemaDeadLetters
                .cell(Attributes.of(
                        AttributeNames.LISTENER,
                        listener,
                        AttributeNames.TOPIC,
                        topic,
                        AttributeNames.OUTCOME,
                        kept ? "kept" : "failed"))
                .add(records);
    }

    /** How many records were not what they have to be so far, by what became of them. */
    public long violations(OnViolation onViolation) {
        return counter(onViolation).sum();
    }

    private LongAdder counter(OnViolation onViolation) {
        return Objects.requireNonNull(violations.get(onViolation));
    }

    /** How many records were kept in dead-letter topics so far, or could not be. */
    public long deadLetters(boolean kept) {
        return (kept ? deadLettersKept : deadLettersFailed).sum();
    }

    /** A reason as it is written, also elsewhere: {@code trailing-bytes}. */
    public static String word(Reason reason) {
        return AttributeNames.valueOf(reason);
    }

    /** What became of records, as it is written, also elsewhere. */
    public static String word(OnViolation onViolation) {
        return switch (onViolation) {
            case REJECT -> "rejected";
            case TAG -> "tagged";
            case QUARANTINE -> "quarantined";
            case OBSERVE -> "observed";
        };
    }

    private Attributes attributes(String topic, Optional<String> service) {
        return Attributes.of(
                AttributeNames.LISTENER,
                listener,
                AttributeNames.TOPIC,
                topic,
                AttributeNames.SERVICE,
                service.orElse(AttributeNames.UNKNOWN_SERVICE));
    }
}
