package dev.weir.proxy.telemetry;

import dev.weir.proxy.tls.CertificateStatus;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongGaugeBuilder;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** When certificates end, and whether new ones could be taken. Asked when metrics are collected. */
public final class CertificateMetrics {
    private volatile Supplier<List<CertificateStatus>> certificates = List::of;
    private volatile Supplier<Map<String, Boolean>> listeners = Map::of;
    private volatile Supplier<Map<String, Boolean>> clusters = Map::of;

    CertificateMetrics(Meter meter) {
        gauge(meter, ProxyMetric.CERTIFICATE_EXPIRY).buildWithCallback(measurement -> {
            Instant now = Instant.now();
            certificates
                    .get()
                    .forEach(certificate -> measurement.record(
                            Duration.between(now, certificate.notAfter()).toSeconds(), attributes(certificate)));
        });
        gauge(meter, ProxyMetric.CERTIFICATE_VALIDITY)
                .buildWithCallback(measurement -> certificates
                        .get()
                        .forEach(certificate -> measurement.record(
                                Duration.between(certificate.notBefore(), certificate.notAfter())
                                        .toSeconds(),
                                attributes(certificate))));
        gauge(meter, ProxyMetric.CERTIFICATE_REFUSED).buildWithCallback(measurement -> {
            record(measurement, AttributeNames.LISTENER, listeners.get());
            record(measurement, AttributeNames.CLUSTER, clusters.get());
        });
    }

    private static LongGaugeBuilder gauge(Meter meter, ProxyMetric metric) {
        return meter.gaugeBuilder(metric.metricName())
                .ofLongs()
                .setUnit(metric.unit())
                .setDescription(metric.description());
    }

    private static Attributes attributes(CertificateStatus certificate) {
        return Attributes.of(
                certificate.listener() ? AttributeNames.LISTENER : AttributeNames.CLUSTER,
                certificate.owner(),
                AttributeNames.ROLE,
                certificate.role().attribute());
    }

    private static void record(
            ObservableLongMeasurement measurement, AttributeKey<String> key, Map<String, Boolean> refused) {
        refused.forEach((owner, is) -> measurement.record(is ? 1 : 0, Attributes.of(key, owner)));
    }

    /**
     * Where to ask; none of them blocks.
     *
     * @param inForce certificates in force
     * @param listenersRefusing for each listener with TLS, whether changed files could not be taken
     * @param clustersRefusing the same for each cluster
     */
    public void from(
            Supplier<List<CertificateStatus>> inForce,
            Supplier<Map<String, Boolean>> listenersRefusing,
            Supplier<Map<String, Boolean>> clustersRefusing) {
        certificates = inForce;
        listeners = listenersRefusing;
        clusters = clustersRefusing;
    }
}
