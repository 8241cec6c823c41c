package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.Span;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real clients do through a proxy, against what it says on the report topics of a real cluster. */
class ReportsIT {
    private static final int RECORDS = 500;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(2).start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TestPolicy.of(
                        (subject, type, name, operation) -> type != ResourceType.TOPIC || !name.startsWith("denied")))
                .reports(settings -> new ReportSettings(
                        settings.home(),
                        settings.proxyName(),
                        settings.weirVersion(),
                        settings.policy(),
                        100,
                        5_000,
                        null))
                .start();
        reported = new ReportedRecords(kafka.bootstrap());
    }

    @AfterAll
    static void stop() {
        reported.close();
        weir.close();
        kafka.close();
    }

    @ParameterizedTest
    @CsvSource({"none, true, all", "lz4, true, all", "zstd, false, 1", "gzip, false, 0"})
    void countsWhatIsProduced(String compression, boolean idempotent, String acks) {
        String topic = "produced-" + compression;
        kafka.createTopic(topic, 2);
        try (KafkaProducer<String, String> producer = producer(Map.of(
                "compression.type", compression, "enable.idempotence", idempotent, "acks", acks, "client.id", topic))) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, "key", "value" + i));
            }
            producer.flush();
            awaitRecords(topic, Direction.PRODUCE, RECORDS);
        }

        List<Flow> flows = flows(topic, Direction.PRODUCE);
        assertThat(flows).allSatisfy(flow -> {
            assertThat(flow.getClient().getClientId()).isEqualTo(topic);
            assertThat(flow.getClient().getSoftwareName()).isEqualTo("apache-kafka-java");
            assertThat(flow.getClient().getListener()).isEqualTo("plain");
            assertThat(flow.getHeader().getCluster()).isEqualTo("main");
            assertThat(flow.getErrorsMap()).isEmpty();
        });
        assertThat(flows.stream().mapToLong(Flow::getBatches).sum()).isBetween(2L, (long) RECORDS);
        assertThat(flows.stream().mapToLong(Flow::getRecordsUnacknowledged).sum())
                .isEqualTo(acks.equals("0") ? RECORDS : 0);
        if (!acks.equals("0")) {
            Awaitility.await()
                    .untilAsserted(() -> assertThat(reported.poll().progress(topic).stream()
                                    .flatMap(progress -> progress.getAppendsList().stream())
                                    .mapToLong(Append::getRecords)
                                    .sum())
                            .isEqualTo(RECORDS));
            assertThat(flows.stream()
                            .flatMap(flow -> flow.getLatency().getCountsList().stream())
                            .mapToLong(count -> count)
                            .sum())
                    .isPositive();
            assertThat(reported.progress(topic).stream()
                            .mapToLong(Progress::getLogEndOffset)
                            .max())
                    .hasValue(RECORDS / 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"classic", "consumer"})
    void countsWhatIsConsumed(String protocol) {
        String topic = "consumed-" + protocol;
        kafka.createTopic(topic, 2);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, "key", "value" + i));
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer("group-" + topic, protocol)) {
            consumer.subscribe(List.of(topic));
            int[] count = new int[1];
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                count[0] += consumer.poll(Duration.ofMillis(100)).count();
                return count[0] >= RECORDS;
            });
            consumer.commitSync();
            consumer.poll(Duration.ofMillis(10));
        }

        awaitRecords(topic, Direction.CONSUME, RECORDS);
        Awaitility.await().untilAsserted(() -> {
            reported.poll();
            assertThat(produced(topic, Flow::getBytes)).isEqualTo(consumed(topic, Flow::getBytes));
            List<Progress> progress = reported.progress(topic);
            assertThat(progress.stream()
                            .flatMap(one -> one.getSpansList().stream())
                            .mapToLong(Span::getRecords)
                            .sum())
                    .isEqualTo(RECORDS);
            assertThat(progress.stream()
                            .flatMap(one -> one.getPositionsList().stream())
                            .mapToLong(Position::getDeliveredOffset)
                            .max())
                    .hasValue(RECORDS / 2);
            assertThat(progress.stream().mapToLong(Progress::getHighWatermark).max())
                    .hasValue(RECORDS / 2);
            assertThat(progress.stream().mapToLong(Progress::getLogStartOffset).max())
                    .hasValue(0);
        });
    }

    @Test
    void saysWhatItIs() {
        Awaitility.await()
                .untilAsserted(() -> assertThat(reported.poll().proxies()).anySatisfy(proxy -> {
                    assertThat(proxy.getHeader().getProxy()).isEqualTo("fixture");
                    assertThat(proxy.getPolicyRevision()).isEqualTo("test");
                    assertThat(proxy.getListenersList()).singleElement().satisfies(listener -> {
                        assertThat(listener.getName()).isEqualTo("plain");
                        assertThat(listener.getBootstrap()).isEqualTo(weir.bootstrap());
                    });
                }));
    }

    private static void awaitRecords(String topic, Direction direction, long records) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            reported.poll();
            assertThat(flows(topic, direction).stream()
                            .mapToLong(Flow::getRecords)
                            .sum())
                    .isEqualTo(records);
        });
    }

    private static long produced(String topic, java.util.function.ToLongFunction<Flow> count) {
        return flows(topic, Direction.PRODUCE).stream().mapToLong(count).sum();
    }

    private static long consumed(String topic, java.util.function.ToLongFunction<Flow> count) {
        return flows(topic, Direction.CONSUME).stream().mapToLong(count).sum();
    }

    private static List<Flow> flows(String topic, Direction direction) {
        return reported.flows(flow -> flow.getTopic().equals(topic) && flow.getDirection() == direction);
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", weir.bootstrap());
        properties.put("linger.ms", "5");
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(String group, String protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        weir.bootstrap(),
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
