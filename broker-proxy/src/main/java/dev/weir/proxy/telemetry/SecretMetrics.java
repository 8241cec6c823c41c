package dev.weir.proxy.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongGaugeBuilder;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** How secrets are doing that come from elsewhere and are fetched again. Asked when metrics are collected. */
public final class SecretMetrics {
    private volatile Supplier<List<Secret>> secrets = List::of;

    /**
     * One secret or certificate.
     *
     * @param name from the configuration
     * @param fetchedAt when it was last had
     * @param next when it is asked for again
     * @param failures attempts that failed since
     */
    public record Secret(String name, Instant fetchedAt, Instant next, int failures) {}

    SecretMetrics(Meter meter) {
        gauge(meter, ProxyMetric.SECRET_AGE).buildWithCallback(measurement -> {
            Instant now = Instant.now();
            secrets.get()
                    .forEach(secret -> measurement.record(
                            Duration.between(secret.fetchedAt(), now).toSeconds(), attributes(secret)));
        });
        gauge(meter, ProxyMetric.SECRET_RENEWAL).buildWithCallback(measurement -> {
            Instant now = Instant.now();
            secrets.get()
                    .forEach(secret -> measurement.record(
                            Duration.between(now, secret.next()).toSeconds(), attributes(secret)));
        });
        gauge(meter, ProxyMetric.SECRET_FAILURES)
                .buildWithCallback(measurement ->
                        secrets.get().forEach(secret -> measurement.record(secret.failures(), attributes(secret))));
    }

    private static LongGaugeBuilder gauge(Meter meter, ProxyMetric metric) {
        return meter.gaugeBuilder(metric.metricName())
                .ofLongs()
                .setUnit(metric.unit())
                .setDescription(metric.description());
    }

    private static Attributes attributes(Secret secret) {
        return Attributes.of(AttributeNames.SECRET, secret.name());
    }

    /** Where to ask; it does not block. */
    public void from(Supplier<List<Secret>> source) {
        secrets = source;
    }
}
