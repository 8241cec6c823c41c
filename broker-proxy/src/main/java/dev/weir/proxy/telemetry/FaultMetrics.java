package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.FaultPolicy;
import dev.weir.proxy.traffic.FaultOutcome;
import dev.weir.proxy.traffic.FaultStatus;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.util.List;
import java.util.function.Supplier;

/** What faults do on purpose. Asked when metrics are collected. */
public final class FaultMetrics {
    private volatile Supplier<List<FaultStatus>> faults = List::of;

    FaultMetrics(Meter meter) {
        meter.counterBuilder(ProxyMetric.FAULTS.metricName())
                .setUnit(ProxyMetric.FAULTS.unit())
                .setDescription(ProxyMetric.FAULTS.description())
                .buildWithCallback(measurement -> faults.get().forEach(fault -> {
                    record(measurement, fault, FaultOutcome.INJECTED, fault.injected());
                    record(measurement, fault, FaultOutcome.DRY_RUN, fault.dryRun());
                    record(measurement, fault, FaultOutcome.SPARED, fault.spared());
                }));
        meter.gaugeBuilder(ProxyMetric.FAULTS_IN_FORCE.metricName())
                .ofLongs()
                .setUnit(ProxyMetric.FAULTS_IN_FORCE.unit())
                .setDescription(ProxyMetric.FAULTS_IN_FORCE.description())
                .buildWithCallback(measurement -> faults.get().forEach(fault -> {
                    FaultPolicy policy = fault.policy();
                    if (policy != null) {
                        measurement.record(1, attributes(policy));
                    }
                }));
    }

    private static void record(
            ObservableLongMeasurement measurement, FaultStatus fault, FaultOutcome outcome, long requests) {
        measurement.record(
                requests,
                Attributes.of(
                        AttributeNames.FAULT, fault.name(), AttributeNames.OUTCOME, AttributeNames.valueOf(outcome)));
    }

    private static Attributes attributes(FaultPolicy policy) {
        return Attributes.of(
                AttributeNames.FAULT,
                policy.name(),
                AttributeNames.SERVICE,
                policy.service(),
                AttributeNames.EFFECT,
                policy.effect().word(),
                AttributeNames.MODE,
                AttributeNames.mode(policy.dryRun()));
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<FaultStatus>> source) {
        faults = source;
    }
}
