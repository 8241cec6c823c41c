package dev.weir.cli.export;

import dev.weir.proxy.trace.SpanWriter;
import dev.weir.proxy.trace.TraceSettings;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;

/**
 * Sends spans of chosen requests to an OTLP receiver, in batches, on threads of its own. What cannot be sent is lost,
 * and costs nothing else. {@link #close} sends what is there, for at most a few seconds.
 */
public final class OtlpTraces implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final OtlpSettings settings;
    private final SdkTracerProvider provider;
    private final SpanWriter writer;

    private OtlpTraces(OtlpSettings settings, SdkTracerProvider provider) {
        this.settings = settings;
        this.provider = provider;
        this.writer = new SpanWriter(provider.get("weir"));
    }

    public static OtlpTraces start(OtlpSettings settings, String version) {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.signal("traces").toString())
                .setCompression("gzip")
                .setTimeout(TIMEOUT)
                .setRetryPolicy(null); // a stop does not wait for a receiver that is away
        settings.headers().forEach(exporter::addHeader);
        return new OtlpTraces(
                settings,
                SdkTracerProvider.builder()
                        .setResource(OtlpMetrics.resource(settings, version))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(exporter.build()).build())
                        .build());
    }

    /** What the proxy is to be told. */
    public TraceSettings traceSettings() {
        return new TraceSettings(writer::accept, settings.tracesPerSecond());
    }

    @Override
    public void close() {
        writer.close();
        provider.close();
    }
}
