package dev.weir.proxy.telemetry;

import dev.weir.schema.Reason;
import io.opentelemetry.api.common.Attributes;
import java.util.Optional;

/** What one listener counts of records that are held against schemas. Any thread; once per batch, and once per violation. */
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

    /**
     * A record was not what it has to be.
     *
     * @param observed whether it went on all the same
     */
    public void violation(String topic, Optional<String> service, Reason reason, boolean observed) {
        metrics.schemaViolations
                .cell(attributes(topic, service).toBuilder()
                        .put(AttributeNames.REASON, AttributeNames.valueOf(reason))
                        .put(AttributeNames.MODE, AttributeNames.mode(observed))
                        .build())
                .increment();
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
