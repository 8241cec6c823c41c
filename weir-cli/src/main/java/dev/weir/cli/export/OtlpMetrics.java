package dev.weir.cli.export;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;

/**
 * The reader that sends every metric of this program to an OTLP receiver, at an interval, on a thread of its own. A
 * receiver that is slow or away costs what was to be sent, a line in the log, and nothing else.
 */
public final class OtlpMetrics {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private OtlpMetrics() {}

    public static MetricReader reader(OtlpSettings settings) {
        OtlpHttpMetricExporterBuilder exporter = OtlpHttpMetricExporter.builder()
                .setEndpoint(settings.signal("metrics").toString())
                .setCompression("gzip")
                .setTimeout(TIMEOUT)
                .setRetryPolicy(null); // the next export holds the same counts, and more
        settings.headers().forEach(exporter::addHeader);
        return PeriodicMetricReader.builder(exporter.build())
                .setInterval(settings.interval())
                .build();
    }

    /** Says who sends: OpenTelemetry's {@code service.name} and {@code service.version}. */
    public static Resource resource(OtlpSettings settings, String version) {
        return Resource.getDefault().toBuilder()
                .put("service.name", settings.serviceName())
                .put("service.version", version)
                .build();
    }
}
