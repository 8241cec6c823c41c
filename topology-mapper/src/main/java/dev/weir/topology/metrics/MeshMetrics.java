package dev.weir.topology.metrics;

import dev.weir.topology.view.MeshView;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.exporter.prometheus.PrometheusMetricReader;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Shows a {@link MeshView} as {@link MeshMetric}s. All are read from the view at once, when somebody collects, so that
 * they fit together; nothing is counted in between.
 */
public final class MeshMetrics implements AutoCloseable {
    public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;
    private static final int SERIES_MAX = 20_000;

    private final PrometheusMetricReader reader = PrometheusMetricReader.create();
    private final SdkMeterProvider provider;

    public MeshMetrics(MeshView view) {
        this.provider = SdkMeterProvider.builder()
                .registerMetricReader(reader)
                .registerView(
                        InstrumentSelector.builder().setName("*").build(),
                        View.builder().setCardinalityLimit(SERIES_MAX).build())
                .build();
        Meter meter = provider.get("dev.weir.topology");
        Map<MeshMetric, ObservableDoubleMeasurement> instruments = new EnumMap<>(MeshMetric.class);
        for (MeshMetric metric : MeshMetric.values()) {
            instruments.put(metric, instrument(meter, metric));
        }
        Observation observation = new Observation(view, instruments);
        meter.batchCallback(
                observation::observe,
                instruments.get(MeshMetric.GROUP_LAG),
                instruments.values().toArray(ObservableDoubleMeasurement[]::new));
    }

    private static ObservableDoubleMeasurement instrument(Meter meter, MeshMetric metric) {
        return metric.counts()
                ? meter.counterBuilder(metric.metricName())
                        .ofDoubles()
                        .setUnit(metric.unit())
                        .setDescription(metric.description())
                        .buildObserver()
                : meter.gaugeBuilder(metric.metricName())
                        .setUnit(metric.unit())
                        .setDescription(metric.description())
                        .buildObserver();
    }

    /** All of them now, in Prometheus' text format; computes, so not for an event loop. */
    public byte[] text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, reader.collect(), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException("metrics cannot be written", e);
        }
        return text.toByteArray();
    }

    @Override
    public void close() {
        provider.close();
    }
}
