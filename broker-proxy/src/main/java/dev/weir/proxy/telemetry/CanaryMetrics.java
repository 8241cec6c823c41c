package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.function.Supplier;

/** What a controller finds of canaries. Asked when metrics are collected. */
public final class CanaryMetrics {
    private volatile Supplier<Map<String, Integer>> bypassing = Map::of;

    CanaryMetrics(Meter meter) {
        meter.gaugeBuilder(ProxyMetric.CANARY_BYPASSING.metricName())
                .setUnit(ProxyMetric.CANARY_BYPASSING.unit())
                .setDescription(ProxyMetric.CANARY_BYPASSING.description())
                .ofLongs()
                .buildWithCallback(measurement -> bypassing
                        .get()
                        .forEach((canary, members) ->
                                measurement.record(members, Attributes.of(AttributeNames.CANARY, canary))));
    }

    /** Who says how many members come around Weir, by canary. */
    public void from(Supplier<Map<String, Integer>> source) {
        bypassing = source;
    }
}
