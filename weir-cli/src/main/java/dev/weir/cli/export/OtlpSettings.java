package dev.weir.cli.export;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where telemetry is sent over OTLP/HTTP with Protobuf bodies (OpenTelemetry Protocol 1.x).
 *
 * @param endpoint the receiver's base address; {@code /v1/metrics} is added
 * @param headers sent with each request, such as an API key; secrets, never logged
 * @param interval between two exports of metrics
 * @param serviceName the resource's {@code service.name}
 * @param tracesPerSecond produce and fetch requests that are told as spans, per event loop; 0 for none
 */
public record OtlpSettings(
        URI endpoint, Map<String, String> headers, Duration interval, String serviceName, int tracesPerSecond) {
    public static final Duration INTERVAL = Duration.ofSeconds(15);
    public static final String SERVICE_NAME = "weir";
    public static final int TRACES_PER_SECOND = 5;
    public static final int TRACES_PER_SECOND_MAX = 1_000;

    public OtlpSettings {
        headers = Map.copyOf(headers);
    }

    /** Where one kind of signal goes. */
    URI signal(String kind) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base : base + "/") + "v1/" + kind);
    }

    @Override
    public String toString() {
        return "OtlpSettings[endpoint=" + endpoint + ", headers=" + headers.keySet() + ", interval=" + interval + "]";
    }
}
