package dev.weir.cli.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.proxy.trace.TraceSettings;
import dev.weir.proxy.trace.TracedRequest;
import dev.weir.testkit.otlp.OtlpReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class OtlpTracesTest {

    @Test
    void aSpanArrivesInTheTraceOfTheRecord() {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            OtlpTraces traces = OtlpTraces.start(
                    new OtlpSettings(receiver.endpoint(), Map.of("key", "secret"), Duration.ofMinutes(1), "weir", 7),
                    "1.2.3");
            TraceSettings settings = traces.traceSettings();
            assertThat(settings.perSecondMax()).isEqualTo(7);
            settings.sink().accept(request());
            traces.close(); // sends what it has
            await().until(() -> !receiver.spans().isEmpty());
            Span span = receiver.spans().get(0);
            assertThat(HexFormat.of().formatHex(span.getTraceId().toByteArray()))
                    .isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(span.getName()).isEqualTo("send orders");
            assertThat(receiver.headers().get(0)).containsEntry("key", "secret");
        }
    }

    private static TracedRequest request() {
        byte[] parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".getBytes(StandardCharsets.US_ASCII);
        SimpleRecord record =
                new SimpleRecord(1L, null, new byte[10], new Header[] {new RecordHeader("traceparent", parent)});
        return new TracedRequest(
                true,
                "internal",
                "checkout",
                "checkout-1",
                "",
                "orders",
                0,
                MemoryRecords.withRecords(Compression.NONE, record).buffer(),
                1_000_000L,
                2_000_000L,
                0,
                0,
                1);
    }
}
