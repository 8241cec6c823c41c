package dev.weir.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is chosen of the traffic of real clients for spans. */
class TracesIT {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private static final Queue<TracedRequest> TRACED = new ConcurrentLinkedQueue<>();
    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("orders", 1);
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TestPolicy.allowAll())
                .reports(settings -> settings.withTraces(new TraceSettings(TRACED::add, 1_000)))
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    @Test
    void aRecordsTraceIsFoundOnItsWayInAndOut() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "client.id", "checkout-1", "compression.type", "zstd"),
                new StringSerializer(),
                new StringSerializer())) {
            Header header = new RecordHeader(TraceParent.HEADER, PARENT.getBytes(StandardCharsets.US_ASCII));
            producer.send(new ProducerRecord<>("orders", 0, "key", "value", List.of(header)))
                    .get(20, TimeUnit.SECONDS);
        }
        assertTraced(true, "checkout-1", "");

        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        weir.bootstrap(),
                        "client.id",
                        "payments-1",
                        "group.id",
                        "payments",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            await().until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
        }
        assertTraced(false, "payments-1", "payments");
    }

    private static void assertTraced(boolean produced, String clientId, String group) {
        await().until(() -> TRACED.stream().anyMatch(request -> request.produced() == produced));
        TracedRequest request = TRACED.stream()
                .filter(traced -> traced.produced() == produced)
                .findFirst()
                .orElseThrow();
        assertThat(request.topic()).isEqualTo("orders");
        assertThat(request.clientId()).isEqualTo(clientId);
        assertThat(request.group()).isEqualTo(group);
        assertThat(request.listener()).isEqualTo("plain");
        assertThat(request.offset()).isZero();
        assertThat(request.records()).isEqualTo(1);
        assertThat(request.errorCode()).isZero();
        assertThat(request.endEpochNanos()).isGreaterThanOrEqualTo(request.startEpochNanos());
        assertThat(TracedBatch.contexts(request.batch(), 16))
                .containsExactly(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true));
    }
}
