package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.proxy.traffic.QuotaStatus;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;

/** What is used of quotas, and what they do. Asked when metrics are collected. */
public final class QuotaMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    private volatile Supplier<List<QuotaStatus>> quotas = List::of;

    QuotaMetrics(Meter meter) {
        meter.counterBuilder(ProxyMetric.QUOTA_USED.metricName())
                .setUnit(ProxyMetric.QUOTA_USED.unit())
                .setDescription(ProxyMetric.QUOTA_USED.description())
                .buildWithCallback(measurement -> quotas.get().forEach(quota -> {
                    measurement.record(quota.requests(), limit(quota, "requests"));
                    measurement.record(quota.produceBytes(), limit(quota, "produce-bytes"));
                    measurement.record(quota.fetchBytes(), limit(quota, "fetch-bytes"));
                }));
        meter.gaugeBuilder(ProxyMetric.QUOTA_LIMIT.metricName())
                .ofLongs()
                .setUnit(ProxyMetric.QUOTA_LIMIT.unit())
                .setDescription(ProxyMetric.QUOTA_LIMIT.description())
                .buildWithCallback(measurement -> quotas.get().forEach(quota -> {
                    QuotaPolicy policy = quota.policy();
                    measurement.record(policy.requests(), limit(quota, "requests"));
                    measurement.record(policy.produceBytes(), limit(quota, "produce-bytes"));
                    measurement.record(policy.fetchBytes(), limit(quota, "fetch-bytes"));
                }));
        meter.counterBuilder(ProxyMetric.QUOTA_THROTTLED.metricName())
                .setUnit(ProxyMetric.QUOTA_THROTTLED.unit())
                .setDescription(ProxyMetric.QUOTA_THROTTLED.description())
                .buildWithCallback(measurement -> quotas.get().forEach(quota -> {
                    measurement.record(quota.throttled(), mode(quota, false));
                    measurement.record(quota.dryRun(), mode(quota, true));
                }));
        meter.counterBuilder(ProxyMetric.QUOTA_THROTTLE_TIME.metricName())
                .ofDoubles()
                .setUnit(ProxyMetric.QUOTA_THROTTLE_TIME.unit())
                .setDescription(ProxyMetric.QUOTA_THROTTLE_TIME.description())
                .buildWithCallback(measurement -> quotas.get()
                        .forEach(quota -> measurement.record(
                                quota.throttledMillis() / MILLIS_PER_SECOND,
                                Attributes.of(
                                        AttributeNames.QUOTA, quota.policy().name()))));
    }

    private static Attributes limit(QuotaStatus quota, String limit) {
        return Attributes.of(AttributeNames.QUOTA, quota.policy().name(), AttributeNames.LIMIT, limit);
    }

    private static Attributes mode(QuotaStatus quota, boolean dryRun) {
        return Attributes.of(
                AttributeNames.QUOTA, quota.policy().name(), AttributeNames.MODE, AttributeNames.mode(dryRun));
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<QuotaStatus>> source) {
        quotas = source;
    }
}
