package dev.weir.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.weir.proxy.telemetry.ProxyMetrics;
import dev.weir.testkit.otlp.OtlpReceiver;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OtlpMetricsTest {

    @Test
    void theProxysMetricsArriveWithTheHeadersOfTheSettings() {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            OtlpSettings settings = new OtlpSettings(
                    receiver.endpoint(), Map.of("DD-API-KEY", "secret"), Duration.ofSeconds(1), "weir-eu", 0);
            try (SdkMeterProvider meters = SdkMeterProvider.builder()
                    .setResource(OtlpMetrics.resource(settings, "1.2.3"))
                    .registerMetricReader(OtlpMetrics.reader(settings))
                    .build()) {
                ProxyMetrics metrics = new ProxyMetrics(meters.get("weir"));
                metrics.listener("internal").connectionAccepted();
                await().until(() ->
                        receiver.metrics().stream().map(Metric::getName).anyMatch("weir.connections.accepted"::equals));
            }
            ResourceMetrics first = receiver.metricRequests().get(0).getResourceMetrics(0);
            assertThat(first.getResource().getAttributesList())
                    .extracting(
                            KeyValue::getKey, attribute -> attribute.getValue().getStringValue())
                    .contains(tuple("service.name", "weir-eu"), tuple("service.version", "1.2.3"));
            assertThat(receiver.headers())
                    .allSatisfy(headers -> assertThat(headers).containsEntry("DD-API-KEY", "secret"));
        }
    }

    @Test
    void aReceiverThatIsAwayHarmsNobody() {
        OtlpSettings settings = new OtlpSettings(
                URI.create("http://127.0.0.1:1"), Map.of(), Duration.ofSeconds(1), OtlpSettings.SERVICE_NAME, 0);
        try (SdkMeterProvider meters = SdkMeterProvider.builder()
                .registerMetricReader(OtlpMetrics.reader(settings))
                .build()) {
            new ProxyMetrics(meters.get("weir")).listener("internal").connectionAccepted();
            assertThat(meters.forceFlush().join(5, TimeUnit.SECONDS).isDone()).isTrue();
        }
    }

    @Test
    void settingsDoNotShowTheValuesOfHeaders() {
        OtlpSettings settings = new OtlpSettings(
                URI.create("https://otlp.example/base/"), Map.of("api-key", "hush"), Duration.ofSeconds(1), "weir", 0);
        assertThat(settings.toString()).contains("api-key").doesNotContain("hush");
        assertThat(settings.signal("metrics")).hasToString("https://otlp.example/base/v1/metrics");
    }
}
