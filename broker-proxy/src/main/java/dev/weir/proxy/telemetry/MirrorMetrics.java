package dev.weir.proxy.telemetry;

import dev.weir.proxy.mirror.Amount;
import dev.weir.proxy.mirror.MirrorLedger;
import dev.weir.proxy.mirror.MirrorStatus;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** What became of what mirrors are about. Asked when metrics are collected. */
public final class MirrorMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    private volatile Supplier<List<MirrorStatus>> mirrors = List::of;

    MirrorMetrics(Meter meter) {
        outcomes(meter, ProxyMetric.MIRROR_RECORDS, Amount::records);
        outcomes(meter, ProxyMetric.MIRROR_BYTES, Amount::bytes);
        meter.counterBuilder(ProxyMetric.MIRROR_ELIGIBLE.metricName())
                .setUnit(ProxyMetric.MIRROR_ELIGIBLE.unit())
                .setDescription(ProxyMetric.MIRROR_ELIGIBLE.description())
                .buildWithCallback(measurement -> mirrors.get()
                        .forEach(mirror ->
                                measurement.record(mirror.ledger().eligible().records(), attributes(mirror))));
        meter.upDownCounterBuilder(ProxyMetric.MIRROR_IN_FLIGHT.metricName())
                .setUnit(ProxyMetric.MIRROR_IN_FLIGHT.unit())
                .setDescription(ProxyMetric.MIRROR_IN_FLIGHT.description())
                .buildWithCallback(measurement -> mirrors.get()
                        .forEach(mirror ->
                                measurement.record(mirror.ledger().inFlight().records(), attributes(mirror))));
        meter.gaugeBuilder(ProxyMetric.MIRROR_DELAY.metricName())
                .setUnit(ProxyMetric.MIRROR_DELAY.unit())
                .setDescription(ProxyMetric.MIRROR_DELAY.description())
                .buildWithCallback(measurement -> mirrors.get()
                        .forEach(mirror ->
                                measurement.record(mirror.delayMillis() / MILLIS_PER_SECOND, attributes(mirror))));
    }

    private void outcomes(Meter meter, ProxyMetric metric, ToLongFunction<Amount> unit) {
        meter.counterBuilder(metric.metricName())
                .setUnit(metric.unit())
                .setDescription(metric.description())
                .buildWithCallback(measurement -> mirrors.get().forEach(mirror -> {
                    MirrorLedger ledger = mirror.ledger();
                    measurement.record(unit.applyAsLong(ledger.mirrored()), outcome(mirror, "mirrored"));
                    measurement.record(unit.applyAsLong(ledger.dropped()), outcome(mirror, "dropped"));
                    measurement.record(unit.applyAsLong(ledger.failed()), outcome(mirror, "failed"));
                    measurement.record(unit.applyAsLong(ledger.refused()), outcome(mirror, "refused"));
                }));
    }

    private static Attributes attributes(MirrorStatus mirror) {
        return Attributes.of(AttributeNames.MIRROR, mirror.name());
    }

    private static Attributes outcome(MirrorStatus mirror, String outcome) {
        return Attributes.of(AttributeNames.MIRROR, mirror.name(), AttributeNames.OUTCOME, outcome);
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<MirrorStatus>> source) {
        mirrors = source;
    }
}
