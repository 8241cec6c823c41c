package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own producer writes good and bad records to topics that policy guards by a schema, in front of a real broker. */
class SchemaGuardIT {
    private static final String ORDER = """
            {"type": "record", "name": "Order", "fields": [
              {"name": "id", "type": "long"},
              {"name": "lines", "type": {"type": "array", "items":
                {"type": "record", "name": "Line", "fields": [{"name": "sku", "type": "string"}]}}}]}
            """;
    private static final String JSON = """
            {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "note": {"type": "string"}}}
            """;
    private static final String PROTO = """
            syntax = "proto3";
            message Order { int64 id = 1; repeated Line lines = 2; }
            message Line { string sku = 1; }
            """;
    private static final String RULES = """
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: orders, owner: test}
            spec: {topics: ["orders*"], value: {schema: order.avsc}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: framed, owner: test}
            spec: {topics: [framed], value: {schema: order.avsc, framing: confluent}, tombstones: refuse}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: json, owner: test}
            spec: {topics: [json], value: {schema: order.json}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: protobuf, owner: test}
            spec: {topics: [protobuf], value: {schema: order.proto, framing: confluent}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: bare, owner: test}
            spec: {topics: ["bare-*"], value: {schema: order.proto, message: Line}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: watched, owner: test}
            spec: {topics: [watched], value: {schema: order.avsc}, onViolation: observe}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: tagged, owner: test}
            spec: {topics: ["tagged*"], value: {schema: order.avsc}, onViolation: tag}
            ---
            apiVersion: weir.dev/v1
            kind: IdentityPropagation
            metadata: {name: named, owner: test}
            spec: {topics: ["tagged-named*"], headers: {principal: true}}
            """;

    /** id 1, one line with the sku "a". */
    private static final byte[] GOOD = {2, 2, 2, 'a', 0};
    /** The sku is said to have 5 bytes. */
    private static final byte[] BAD = {2, 2, 10, 'a', 0};

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.with(RULES, Map.of("order.avsc", ORDER, "order.json", JSON, "order.proto", PROTO)))
                .listener("open", null, null)
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    private static String topic(String name) {
        kafka.createTopic(name, 2);
        return name;
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", weir.bootstrap("open"),
                "linger.ms", 50,
                "batch.size", 100_000));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int partition, byte[] value) {
        return new ProducerRecord<>(topic, partition, null, value);
    }

    private static long end(String topic, int partition) throws Exception {
        TopicPartition place = new TopicPartition(topic, partition);
        return kafka.admin()
                .listOffsets(Map.of(place, OffsetSpec.latest()))
                .partitionResult(place)
                .get()
                .offset();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void aBatchWithABadRecordIsRefusedAndOtherPartitionsAndTopicsOfTheRequestGoOn(String compression) throws Exception {
        String topic = topic("orders-" + compression);
        String guarded = topic("orders-other-" + compression);
        String free = topic("free-" + compression);
        // nothing is sent before it is flushed, however slowly the records come
        Map<String, Object> oneBatch = Map.of("compression.type", compression, "linger.ms", 60_000);
        try (KafkaProducer<byte[], byte[]> producer = producer(oneBatch)) {
            for (String each : List.of(topic, guarded, free)) {
                producer.partitionsFor(each);
            }
            List<Future<RecordMetadata>> mixed = new ArrayList<>();
            for (byte[] value : List.of(GOOD, BAD, GOOD)) {
                mixed.add(producer.send(record(topic, 0, value)));
            }
            List<Future<RecordMetadata>> others = List.of(
                    producer.send(record(topic, 1, GOOD)),
                    producer.send(record(guarded, 0, GOOD)),
                    producer.send(record(free, 0, BAD)));
            producer.flush();

            for (Future<RecordMetadata> other : others) {
                assertThat(other.get().offset()).isZero();
            }
            assertThat(recordsPerRequest(producer))
                    .as("all of it is one request")
                    .isEqualTo(6);
            assertThatThrownBy(() -> mixed.get(1).get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("value by schema order.avsc: at lines[0].sku (byte 2): found a length of 5");
            assertThatThrownBy(() -> mixed.get(0).get()).isInstanceOf(ExecutionException.class);
            assertThat(end(topic, 0)).isZero();

            // the same idempotent producer goes on
            Future<RecordMetadata> next = producer.send(record(topic, 0, GOOD));
            producer.flush();
            assertThat(next.get().offset()).isZero();
        }
    }

    private static double recordsPerRequest(KafkaProducer<?, ?> producer) {
        return producer.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("records-per-request-avg"))
                .mapToDouble(metric -> (double) metric.metricValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTransactionGoesOnAfterItWasAborted() throws Exception {
        String topic = topic("orders-transactional");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "shop"))) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> bad = producer.send(record(topic, 0, BAD));
            assertThatThrownBy(bad::get).hasCauseInstanceOf(InvalidRecordException.class);
            producer.abortTransaction();

            producer.beginTransaction();
            Future<RecordMetadata> good = producer.send(record(topic, 0, GOOD));
            producer.commitTransaction();
            assertThat(good.get().hasOffset()).isTrue();
        }
    }

    @Test
    void readsJsonAndRefusesWhatIsSomethingElse() throws Exception {
        String topic = topic("json");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
            assertThat(producer.send(record(topic, 0, utf8("{\"id\": 1, \"note\": \"x\"}")))
                            .get()
                            .offset())
                    .isZero();
            for (String bad :
                    List.of("{\"id\": \"1\"}", "{\"note\": \"x\"}", "{\"id\": 1} {}", "[".repeat(100_000), "\u0000")) {
                assertThatThrownBy(
                                () -> producer.send(record(topic, 0, utf8(bad))).get())
                        .hasCauseInstanceOf(InvalidRecordException.class)
                        .hasMessageContaining("value by schema order.json: at ");
            }
            // of a size that a record may have
            assertThatThrownBy(() -> producer.send(record(topic, 0, utf8("{\"id\": " + "1".repeat(500_000) + "x")))
                            .get())
                    .hasMessageContaining("found byte 0x78, expected a comma, or the end of the object");
        }
        assertThat(end(topic, 0)).isEqualTo(1);
    }

    @Test
    void readsProtobufOfTheMessageThatTheProducerSays() throws Exception {
        String topic = topic("protobuf");
        byte[] order = {0, 8, 1, 18, 3, 10, 1, 'a'};
        byte[] line = {2, 2, 10, 1, 'a'};
        byte[] cut = {0, 8, 1, 18, 3, 10, 2, 'a'};
        byte[] other = {2, 8, 10, 1, 'a'};
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
            producer.send(record(topic, 0, GuardPolicy.framed(7, order))).get();
            producer.send(record(topic, 0, GuardPolicy.framed(7, line))).get();
            assertThatThrownBy(() -> producer.send(record(topic, 0, GuardPolicy.framed(7, cut)))
                            .get())
                    .hasCauseInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining(
                            "at lines[0].sku (byte 6): found a length of 2 with 1 byte left, expected a string");
            assertThatThrownBy(() -> producer.send(record(topic, 0, GuardPolicy.framed(7, other)))
                            .get())
                    .hasMessageContaining("found message index 4, expected Confluent's message indexes, here 0 to 1");
            assertThatThrownBy(() -> producer.send(record(topic, 0, order)).get())
                    .hasMessageContaining("found 5 message indexes with 2 bytes left");
        }
        assertThat(end(topic, 0)).isEqualTo(2);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void readsBehindAFramingAndRefusesTombstonesWhereToldSo() throws Exception {
        String topic = topic("framed");
        byte[] framed = GuardPolicy.framed(7, GOOD);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
            assertThat(producer.send(record(topic, 0, framed)).get().offset()).isZero();
            assertThatThrownBy(() -> producer.send(record(topic, 0, GOOD)).get())
                    .hasMessageContaining("expected 0x00 and a schema id of 4 bytes in front");
            assertThatThrownBy(() -> producer.send(record(topic, 0, null)).get())
                    .hasMessageContaining("takes no tombstones");
        }
        assertThat(end(topic, 0)).isEqualTo(1);
    }

    /** Behind the id, serializers of Protobuf write Confluent's message indexes, or the message's name as Apicurio's do. */
    @ParameterizedTest
    @CsvSource({
        "orders-1, 00 00000007, 02020261 00, 5, confluent",
        "orders-2, 00 0000000000000007, 02020261 00, 9, apicurio",
        "bare-1, 00 00000007, 0202 0a0161, 5, confluent",
        "bare-2, 00 00000007, 060a044c696e65 0a0161, 5, confluent",
        "bare-3, 00 0000000000000007, 060a044c696e65 0a0161, 9, apicurio"
    })
    void whoForgotTheFramingIsAskedForIt(String name, String front, String payload, int idBytes, String framing)
            throws Exception {
        String topic = topic(name);
        byte[] framed = HexFormat.of().parseHex((front + payload).replace(" ", ""));
        byte[] bad = framed.clone();
        bad[0] = 1;
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
            assertThatThrownBy(() -> producer.send(record(topic, 0, framed)).get())
                    .hasMessageEndingWith("; behind the " + idBytes
                            + " bytes of a schema id it is good: does the SchemaRule want framing: " + framing + "?");
            assertThatThrownBy(() -> producer.send(record(topic, 0, bad)).get())
                    .hasMessageContaining("value by schema order.")
                    .message()
                    .doesNotContain("framing");
        }
        assertThat(end(topic, 0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "tagged, none, false",
        "tagged, gzip, true",
        "tagged, snappy, false",
        "tagged, lz4, true",
        "tagged, zstd, false",
        "tagged-named, none, true",
        "tagged-named, zstd, false"
    })
    void aBadRecordGoesOnWithAHeaderThatSaysWhatIsWrong(String topic, String compression, boolean transactional)
            throws Exception {
        String guarded = topic(topic + "-" + compression);
        Map<String, Object> more = new HashMap<>(Map.of("compression.type", compression));
        if (transactional) {
            more.put("transactional.id", guarded);
        }
        try (KafkaProducer<byte[], byte[]> producer = producer(more)) {
            if (transactional) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            producer.send(record(guarded, 0, GOOD));
            ProducerRecord<byte[], byte[]> bad = record(guarded, 0, BAD);
            bad.headers().add("mine", GOOD).add("weir-schema-violation", GOOD);
            Future<RecordMetadata> sent = producer.send(bad);
            ProducerRecord<byte[], byte[]> liar = record(guarded, 0, GOOD);
            liar.headers().add("Weir-Schema-Violation", GOOD);
            producer.send(liar);
            producer.flush();
            assertThat(sent.get().offset()).isEqualTo(1);
            if (transactional) {
                producer.commitTransaction();
            }
        }
        boolean named = topic.equals("tagged-named");
        List<String> good = named ? List.of("weir-principal") : List.of();
        List<ConsumerRecord<byte[], byte[]>> read = read(guarded, 3);
        assertThat(names(read.get(0))).isEqualTo(good);
        assertThat(names(read.get(1)))
                .containsExactlyElementsOf(
                        named
                                ? List.of("mine", "weir-principal", "weir-schema-violation")
                                : List.of("mine", "weir-schema-violation"));
        assertThat(names(read.get(2))).isEqualTo(good);
        assertThat(read.get(1).value()).isEqualTo(BAD);
        assertThat(new String(
                        read.get(1)
                                .headers()
                                .lastHeader("weir-schema-violation")
                                .value(),
                        StandardCharsets.UTF_8))
                .isEqualTo("payload; value by schema order.avsc: at lines[0].sku (byte 2): "
                        + "found a length of 5 with 2 bytes left, expected a string");
    }

    private static List<String> names(ConsumerRecord<byte[], byte[]> record) {
        return Arrays.stream(record.headers().toArray()).map(Header::key).toList();
    }

    /** All records of partition 0, around Weir. */
    private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition place = new TopicPartition(topic, 0);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            Patience.awaitAnswer().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                return read.size() >= count;
            });
        }
        return read;
    }

    @Test
    void whatIsObservedAndWhatIsNotGuardedGoesOn() throws Exception {
        String watched = topic("watched");
        String free = topic("free");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            assertThat(producer.send(record(watched, 0, BAD)).get().offset()).isZero();
            assertThat(producer.send(record(free, 0, BAD)).get().offset()).isZero();
        }
    }
}
