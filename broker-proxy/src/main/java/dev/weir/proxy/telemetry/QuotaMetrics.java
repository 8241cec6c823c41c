package dev.weir.proxy.telemetry;

import dev.weir.policy.decide.QuotaPolicy;
import dev.weir.proxy.traffic.QuotaStatus;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is used of quotas, and what they do. Asked when metrics are collected. */
public final class QuotaMetrics {
    private static final double MILLIS_PER_SECOND = 1_000;

    private volatile Supplier<List<QuotaStatus>> quotas = List::of;

    QuotaMetrics(Meter meter) {
        meter.counterBuilder(ProxyMetric.QUOTA_USED.metricName())
                .setUnit(ProxyMetric.QUOTA_USED.unit())
                .setDescription(ProxyMetric.QUOTA_USED.description())
                .buildWithCallback(measurement -> quotas.get()
                        .forEach(quota ->
                                Limit.of(quota).forEach(limit -> measurement.record(limit.used, limit.series))));
        meter.gaugeBuilder(ProxyMetric.QUOTA_LIMIT.metricName())
                .ofLongs()
                .setUnit(ProxyMetric.QUOTA_LIMIT.unit())
                .setDescription(ProxyMetric.QUOTA_LIMIT.description())
                .buildWithCallback(measurement -> quotas.get()
                        .forEach(quota ->
                                Limit.of(quota).forEach(limit -> measurement.record(limit.perSecond, limit.series))));
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

    private static Attributes mode(QuotaStatus quota, boolean dryRun) {
        return Attributes.of(
                AttributeNames.QUOTA, quota.policy().name(), AttributeNames.MODE, AttributeNames.mode(dryRun));
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<QuotaStatus>> source) {
        quotas = source;
    }

    /**
     * What a document limits.
     *
     * @param used of it, since the start
     */
    private record Limit(long perSecond, long used, Attributes series) {
        /** Those that the document has. Others are no series: whoever divides by a limit finds nothing, and no 0. */
        static List<Limit> of(QuotaStatus quota) {
            QuotaPolicy policy = quota.policy();
            return Stream.of(
                            of(quota, "requests", policy.requests(), quota.requests()),
                            of(quota, "produce-bytes", policy.produceBytes(), quota.produceBytes()),
                            of(quota, "fetch-bytes", policy.fetchBytes(), quota.fetchBytes()))
                    .filter(limit -> limit.perSecond > 0)
                    .toList();
        }

        private static Limit of(QuotaStatus quota, String name, long perSecond, long used) {
            return new Limit(
                    perSecond,
                    used,
                    Attributes.of(AttributeNames.QUOTA, quota.policy().name(), AttributeNames.LIMIT, name));
        }
    }
}
