package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Which policy is in force, and how often that went well or badly. Any thread. */
public final class PolicyMetrics {
    private final AtomicReference<@Nullable String> revision = new AtomicReference<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile LongSupplier failures = () -> 0;

    PolicyMetrics(Meter meter) {
        meter.gaugeBuilder(ProxyMetric.POLICY_REVISION.metricName())
                .ofLongs()
                .setDescription(ProxyMetric.POLICY_REVISION.description())
                .buildWithCallback(measurement -> {
                    String now = revision.get();
                    if (now != null) {
                        measurement.record(1, Attributes.of(AttributeNames.REVISION, now));
                    }
                });
        meter.counterBuilder(ProxyMetric.POLICY_CHANGES.metricName())
                .setUnit(ProxyMetric.POLICY_CHANGES.unit())
                .setDescription(ProxyMetric.POLICY_CHANGES.description())
                .buildWithCallback(measurement -> measurement.record(changes.get()));
        meter.upDownCounterBuilder(ProxyMetric.POLICY_FAILURES.metricName())
                .setUnit(ProxyMetric.POLICY_FAILURES.unit())
                .setDescription(ProxyMetric.POLICY_FAILURES.description())
                .buildWithCallback(measurement -> measurement.record(failures()));
    }

    /** A revision came into force. */
    public void inForce(String newRevision) {
        revision.set(newRevision);
        changes.incrementAndGet();
    }

    /** Where to ask how many attempts to get a newer revision have failed since the last good one; it never blocks. */
    public void failuresFrom(LongSupplier source) {
        failures = source;
    }

    public long changes() {
        return changes.get();
    }

    public long failures() {
        return failures.getAsLong();
    }
}
