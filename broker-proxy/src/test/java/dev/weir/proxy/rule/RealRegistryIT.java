package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.registry.Apicurio;
import dev.weir.testkit.registry.FakeRegistry.Reference;
import io.apicurio.registry.serde.SerdeConfig;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real registry, its own serializer, the format of Confluent's, and clients of other languages. */
class RealRegistryIT {
    private static final String LINE = """
            {"type": "record", "name": "Line", "namespace": "shop", "fields": [{"name": "sku", "type": "string"}]}""";
    private static final String ORDER = """
            {"type": "record", "name": "Order", "namespace": "shop", "fields": [{"name": "line", "type": "shop.Line"}]}""";
    private static final String RULES = """
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: prefix, owner: test}
            spec: {topics: ["prefix*"], value: {registry: apicurio}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: global, owner: test}
            spec: {topics: ["global*"], value: {registry: apicurio, framing: apicurio}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: header, owner: test}
            spec: {topics: ["header*"], value: {registry: apicurio, framing: apicurio-headers}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: globalids, owner: test}
            spec: {topics: ["ids*"], value: {registry: apicurio, framing: apicurio, level: id}}
            ---
            apiVersion: weir.dev/v1
            kind: SchemaRule
            metadata: {name: record, owner: test}
            spec: {topics: ["record*"], value: {registry: apicurio, level: id, subjectNaming: record}}
            """;

    private static RegistryMesh mesh;
    private static EmbeddedKafka kafka;
    private static Apicurio registry;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        mesh = RegistryMesh.start(RULES);
        kafka = mesh.kafka();
        registry = mesh.registry();
        weir = mesh.weir();
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    private static <V> KafkaProducer<byte[], V> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                weir.bootstrap("open"),
                "key.serializer",
                ByteArraySerializer.class,
                "linger.ms",
                0));
        properties.putAll(more);
        return new KafkaProducer<>(properties);
    }

    private static KafkaProducer<byte[], byte[]> bytesProducer() {
        return producer(Map.of("value.serializer", ByteArraySerializer.class));
    }

    private static byte[] framed(int id, byte... payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(id)
                .put(payload)
                .array();
    }

    private static void assertRefused(KafkaProducer<byte[], byte[]> producer, String topic, byte[] value, String why) {
        assertThatThrownBy(
                        () -> producer.send(new ProducerRecord<>(topic, value)).get())
                .cause()
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(why);
    }

    private static GenericRecord line() {
        GenericRecord line = new GenericData.Record(new Schema.Parser().parse(LINE));
        line.put("sku", "a");
        return line;
    }

    /** What its serializer is told, beside its defaults. */
    private static Map<String, Object> own(boolean headers) {
        return Map.of(
                "value.serializer",
                AvroKafkaSerializer.class,
                SerdeConfig.REGISTRY_URL,
                registry.ownUrl().toString(),
                SerdeConfig.AUTO_REGISTER_ARTIFACT,
                true,
                SerdeConfig.ENABLE_HEADERS,
                headers);
    }

    private static void assertTaken(KafkaProducer<byte[], GenericRecord> producer, String topic) throws Exception {
        assertThat(producer.send(new ProducerRecord<>(topic, line())).get().offset())
                .isZero();
    }

    private static ProducerRecord<byte[], byte[]> record(byte[] value, RecordHeaders headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("header-1", value);
        headers.forEach(record.headers()::add);
        return record;
    }

    @Test
    void whatItsOwnSerializerSaysInAHeaderIsRead() throws Exception {
        kafka.createTopic("header-1", 1);
        RecordHeaders headers = new RecordHeaders();
        byte[] payload;
        try (KafkaProducer<byte[], GenericRecord> producer = producer(own(true));
                AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
            assertTaken(producer, "header-1");
            serializer.configure(own(true), false);
            payload = serializer.serialize("header-1", headers, line());
        }
        try (KafkaProducer<byte[], byte[]> producer = bytesProducer()) {
            assertThat(producer.send(record(payload, headers)).get().offset()).isEqualTo(1);
            byte[] broken = {10, 'a'};
            assertThatThrownBy(() -> producer.send(record(broken, headers)).get())
                    .hasMessageContaining("value by global id ")
                    .hasMessageContaining(" of subject header-1-value (registry apicurio): at sku (byte 0)");
            assertRefused(producer, "header-1", payload, "found no header apicurio.value.globalId");
        }
    }

    @Test
    void whatItsOwnSerializerWritesInFrontIsRead() throws Exception {
        kafka.createTopic("global-1", 1);
        byte[] written;
        try (KafkaProducer<byte[], GenericRecord> producer = producer(own(false));
                AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
            assertTaken(producer, "global-1");
            serializer.configure(own(false), false);
            written = serializer.serialize("global-1", line());
        }
        try (KafkaProducer<byte[], byte[]> producer = bytesProducer()) {
            assertThat(producer.send(new ProducerRecord<>("global-1", written))
                            .get()
                            .offset())
                    .isEqualTo(1);
            byte[] broken = written.clone();
            broken[9] = 10;
            assertRefused(producer, "global-1", broken, "at sku (byte 0): found a length of 5 with 1 byte left");
            byte[] unknown = written.clone();
            unknown[1] = 1;
            assertRefused(producer, "global-1", unknown, "which the registry does not have");
            kafka.createTopic("global-2", 1);
            assertRefused(producer, "global-2", written, "expected a schema of subject global-2-value");
        }
    }

    @Test
    void whatConfluentsSerializersWriteIsReadById() throws Exception {
        kafka.createTopic("prefix-1", 1);
        registry.register("line", LINE, List.of());
        int id = registry.register("prefix-1-value", ORDER, List.of(new Reference("shop.Line", "line", 1)));
        int other = registry.register("another-value", "\"string\"", List.of());
        try (KafkaProducer<byte[], byte[]> producer = bytesProducer()) {
            assertThat(producer.send(new ProducerRecord<>("prefix-1", framed(id, (byte) 2, (byte) 'a')))
                            .get()
                            .offset())
                    .isZero();
            assertRefused(
                    producer,
                    "prefix-1",
                    framed(id, (byte) 10, (byte) 'a'),
                    "value by schema id " + id
                            + " of subject prefix-1-value (registry apicurio): at line.sku (byte 0)");
            assertRefused(
                    producer,
                    "prefix-1",
                    framed(other, (byte) 2, (byte) 'a'),
                    "which is registered for another-value, expected a schema of subject prefix-1-value");
            assertRefused(producer, "prefix-1", framed(9_999), "which the registry does not have");
            assertRefused(producer, "prefix-1", framed(-2), "schema id 4294967294, which the registry does not have");
        }
    }

    @Test
    void subjectsAreNamedByTheRecord() throws Exception {
        kafka.createTopic("record-1", 1);
        int id = registry.register("shop.Line", LINE.replace("sku", "code"), List.of());
        int other = registry.register("wrong", LINE.replace("Line", "Wrong"), List.of());
        try (KafkaProducer<byte[], byte[]> producer = bytesProducer()) {
            assertThat(producer.send(new ProducerRecord<>("record-1", framed(id)))
                            .get()
                            .offset())
                    .isZero();
            assertRefused(
                    producer,
                    "record-1",
                    framed(other),
                    "value by registry apicurio: found schema id " + other
                            + ", which is registered for wrong, expected a schema of subject shop.Wrong");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void onlyGlobalIdsInFrontCount(String compression) throws Exception {
        String topic = "ids-" + compression;
        kafka.createTopic(topic, 1);
        byte[] written;
        try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
            serializer.configure(own(false), false);
            written = serializer.serialize(topic, line());
        }
        byte[] unread = written.clone();
        unread[9] = 10;
        byte[] unknown = written.clone();
        unknown[1] = 1;
        try (KafkaProducer<byte[], byte[]> producer =
                producer(Map.of("value.serializer", ByteArraySerializer.class, "compression.type", compression))) {
            for (int i = 0; i < 3; i++) {
                assertThat(producer.send(new ProducerRecord<>(topic, unread))
                                .get()
                                .offset())
                        .isEqualTo(i);
                assertRefused(
                        producer,
                        topic,
                        unknown,
                        "value of subject " + topic + "-value (registry apicurio): found global id ");
                assertRefused(producer, topic, framed(1), "expected 0x00 and a schema id of 8 bytes in front");
            }
        }
    }

    @Test
    void aRegistryThatIsRestartedIsWaitedForAndWhatIsKnownGoesOn() throws Exception {
        List.of("prefix-known", "prefix-new", "free").forEach(topic -> kafka.createTopic(topic, 1));
        int known = registry.register("prefix-known-value", LINE.replace("Line", "Known"), List.of());
        int later = registry.register("prefix-new-value", LINE.replace("Line", "New"), List.of());
        try (KafkaProducer<byte[], byte[]> producer = bytesProducer();
                KafkaProducer<byte[], byte[]> waiting =
                        producer(Map.of("value.serializer", ByteArraySerializer.class, "batch.size", 1))) {
            byte[] good = framed(known, (byte) 2, (byte) 'a');
            assertThat(producer.send(new ProducerRecord<>("prefix-known", good))
                            .get()
                            .offset())
                    .isZero();
            registry.stop();
            byte[] key = new byte[32]; // each record is a batch
            Future<RecordMetadata> first =
                    waiting.send(new ProducerRecord<>("prefix-new", key, framed(later, (byte) 2, (byte) 'a')));
            Future<RecordMetadata> bad =
                    waiting.send(new ProducerRecord<>("prefix-new", key, framed(later, (byte) 10, (byte) 'a')));
            Patience.awaitAnswer()
                    .until(() -> weir.proxy()
                                    .status()
                                    .schemaRegistries()
                                    .get(0)
                                    .stats()
                                    .lastError()
                            != null);
            for (int i = 1; i < 10; i++) {
                assertThat(producer.send(new ProducerRecord<>("prefix-known", good))
                                .get()
                                .offset())
                        .isEqualTo(i);
                producer.send(new ProducerRecord<>("free", good)).get();
            }
            assertRefused(producer, "prefix-known", framed(known, (byte) 10, (byte) 'a'), "at sku (byte 0)");
            assertThat(first).isNotDone();
            registry.restart();
            assertThat(first.get().offset()).isZero();
            assertThatThrownBy(bad::get)
                    .hasCauseInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("value by schema id " + later + " of subject prefix-new-value");
        }
    }

    static List<KafkaClient> otherClients() {
        return OtherProducers.all();
    }

    @ParameterizedTest
    @MethodSource("otherClients")
    void producersOfOtherLanguagesGoOnAsTheyDoAfterABrokersRefusal(KafkaClient client) throws Exception {
        String topic = "prefix-" + client.name();
        kafka.createTopic(topic, 1);
        String schema = LINE.replace("Line", "Line_" + client.name().replaceAll("\\W", "_"));
        int id = registry.register(topic + "-value", schema, List.of());
        OtherProducers.assertGoesOn(
                client,
                kafka,
                weir.bootstrap("open"),
                topic,
                framed(id, (byte) 2, (byte) 'a'),
                framed(id, (byte) 10, (byte) 'a'));
    }
}
