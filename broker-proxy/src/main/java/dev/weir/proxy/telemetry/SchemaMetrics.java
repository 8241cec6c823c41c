package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.OnViolation;
import dev.weir.schema.Reason;
import io.opentelemetry.api.common.Attributes;
import java.util.Optional;

/** What one listener counts of records that are held against schemas. Any thread; once per batch and reason. */
public final class SchemaMetrics {
    private final ProxyMetrics metrics;
    private final String listener;

    SchemaMetrics(ProxyMetrics metrics, String listener) {
        this.metrics = metrics;
        this.listener = listener;
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
        metrics.schemaViolations
                .cell(attributes(topic, service).toBuilder()
                        .put(AttributeNames.REASON, word(reason))
                        .put(AttributeNames.OUTCOME, outcome(onViolation))
                        .build())
                .add(records);
    }

    /** A reason as it is written, also elsewhere: {@code trailing-bytes}. */
    public static String word(Reason reason) {
        return AttributeNames.valueOf(reason);
    }

    private static String outcome(OnViolation onViolation) {
        return switch (onViolation) {
            case REJECT -> "rejected";
            case TAG -> "tagged";
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
