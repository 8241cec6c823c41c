package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.protocol.Errors;

/** What one listener counts of record headers that are written and removed. Any thread; once per batch. */
public final class PropagationMetrics {
    private final ProxyMetrics metrics;
    private final String listener;
    private final Map<Key, Cells> cells = new ConcurrentHashMap<>();

    private record Key(String service, boolean dryRun) {}

    private record Cells(LongAdder records, LongAdder removed) {}

    PropagationMetrics(ProxyMetrics metrics, String listener) {
        this.metrics = metrics;
        this.listener = listener;
    }

    /**
     * A batch got its headers, or would have.
     *
     * @param service the Service that wrote it, if there is one
     * @param headersRemoved headers with reserved names that the client had set
     */
    public void patched(Optional<String> service, boolean dryRun, int records, int headersRemoved) {
        Key key = new Key(service.orElse(AttributeNames.UNKNOWN_SERVICE), dryRun);
        Cells counters = cells.get(key);
        if (counters == null) {
            Attributes attributes = Attributes.of(
                    AttributeNames.LISTENER,
                    listener,
                    AttributeNames.SERVICE,
                    key.service,
                    AttributeNames.MODE,
                    AttributeNames.mode(dryRun));
            counters =
                    new Cells(metrics.propagationRecords.cell(attributes), metrics.propagationRemoved.cell(attributes));
            if (cells.size() < ProxyMetrics.SERVICE_CELLS_MAX) {
                cells.put(key, counters);
            }
        }
        counters.records.add(records);
        counters.removed.add(headersRemoved);
    }

    /** A batch could not be read, or would have become too large: it was refused, or would have been. */
    public void refused(Errors error, boolean dryRun) {
        metrics.propagationRefused
                .cell(Attributes.of(
                        AttributeNames.LISTENER, listener,
                        AttributeNames.REASON, AttributeNames.valueOf(error),
                        AttributeNames.MODE, AttributeNames.mode(dryRun)))
                .increment();
    }

    /** Records of all Services. */
    public long records(boolean dryRun) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().dryRun == dryRun)
                .mapToLong(entry -> entry.getValue().records.sum())
                .sum();
    }

    /** Headers of all Services that were removed. */
    public long headersRemoved(boolean dryRun) {
        return cells.entrySet().stream()
                .filter(entry -> entry.getKey().dryRun == dryRun)
                .mapToLong(entry -> entry.getValue().removed.sum())
                .sum();
    }
}
