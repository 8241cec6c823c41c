package dev.weir.proxy.telemetry;

import dev.weir.schema.registry.RegistryStats;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;

/** How schema registries and what is kept of them are doing. Asked when metrics are collected. */
public final class SchemaRegistryMetrics {
    private volatile Supplier<List<RegistryStats>> registries = List::of;

    SchemaRegistryMetrics(Meter meter) {
        counter(meter, ProxyMetric.SCHEMA_LOOKUPS, (stats, record) -> {
            record.of(
                    stats.hits(),
                    attributes(stats).put(AttributeNames.OUTCOME, "hit").build());
            record.of(
                    stats.misses(),
                    attributes(stats).put(AttributeNames.OUTCOME, "miss").build());
        });
        counter(
                meter,
                ProxyMetric.SCHEMA_REGISTRY_FAILURES,
                (stats, record) -> stats.failures()
                        .forEach((failure, count) -> record.of(
                                count,
                                attributes(stats)
                                        .put(AttributeNames.REASON, AttributeNames.valueOf(failure))
                                        .build())));
        ProxyMetric waiting = ProxyMetric.SCHEMA_LOOKUPS_WAITING;
        meter.upDownCounterBuilder(waiting.metricName())
                .setUnit(waiting.unit())
                .setDescription(waiting.description())
                .buildWithCallback(measurement -> registries
                        .get()
                        .forEach(stats -> measurement.record(
                                stats.waiting(), attributes(stats).build())));
    }

    private interface Cell {
        void of(long value, Attributes attributes);
    }

    private interface Telling {
        void tell(RegistryStats stats, Cell record);
    }

    private void counter(Meter meter, ProxyMetric metric, Telling telling) {
        meter.counterBuilder(metric.metricName())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .buildWithCallback(
                        measurement -> registries.get().forEach(stats -> telling.tell(stats, measurement::record)));
    }

    private static AttributesBuilder attributes(RegistryStats stats) {
        return Attributes.builder().put(AttributeNames.REGISTRY, stats.name());
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<RegistryStats>> source) {
        registries = source;
    }
}
