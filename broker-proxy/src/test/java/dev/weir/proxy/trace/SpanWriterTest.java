package dev.weir.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class SpanWriterTest {
    private final List<SpanData> spans = new CopyOnWriteArrayList<>();

    @Test
    void aProduceContinuesTheTraceOfItsRecordAndAFetchIsLinked() {
        try (SdkTracerProvider provider = provider();
                SpanWriter writer = new SpanWriter(provider.get("weir"))) {
            writer.accept(request(true, batch("01"), 0));
            await().until(() -> spans.size() == 1);
            SpanData produce = spans.get(0);
            assertThat(produce.getName()).isEqualTo("send orders");
            assertThat(produce.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(produce.getTraceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
            assertThat(produce.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(produce.getEndEpochNanos() - produce.getStartEpochNanos())
                    .isEqualTo(5_000_000);
            assertThat(produce.getAttributes().get(AttributeKey.stringKey("messaging.client.id")))
                    .isEqualTo("checkout-1");

            writer.accept(request(false, batch("01"), 29));
            await().until(() -> spans.size() == 2);
            SpanData fetch = spans.get(1);
            assertThat(fetch.getLinks())
                    .extracting(LinkData::getSpanContext)
                    .allSatisfy(context -> assertThat(context.getSpanId()).isEqualTo("00f067aa0ba902b7"));
            assertThat(fetch.getAttributes().get(AttributeKey.stringKey("error.type")))
                    .isEqualTo("TOPIC_AUTHORIZATION_FAILED");
        }
    }

    @Test
    void aTraceThatNobodyRecordsIsNotTold() {
        try (SdkTracerProvider provider = provider();
                SpanWriter writer = new SpanWriter(provider.get("weir"))) {
            writer.accept(request(true, batch("00"), 0));
            writer.accept(request(true, batch("01"), 0));
            await().until(() -> !spans.isEmpty());
            assertThat(spans).hasSize(1);
        }
    }

    private SdkTracerProvider provider() {
        return SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(new SpanExporter() {
                    @Override
                    public CompletableResultCode export(Collection<SpanData> batch) {
                        spans.addAll(batch);
                        return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode flush() {
                        return CompletableResultCode.ofSuccess();
                    }

                    @Override
                    public CompletableResultCode shutdown() {
                        return CompletableResultCode.ofSuccess();
                    }
                }))
                .build();
    }

    private static TracedRequest request(boolean produced, ByteBuffer batch, int errorCode) {
        return new TracedRequest(
                produced,
                "internal",
                "checkout",
                "checkout-1",
                "",
                "orders",
                0,
                batch,
                1_000_000_000L,
                1_005_000_000L,
                errorCode,
                42,
                2);
    }

    private static ByteBuffer batch(String flags) {
        byte[] parent =
                ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-" + flags).getBytes(StandardCharsets.US_ASCII);
        SimpleRecord record =
                new SimpleRecord(1L, null, new byte[10], new Header[] {new RecordHeader("traceparent", parent)});
        return MemoryRecords.withRecords(Compression.NONE, record, record).buffer();
    }
}
