package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.schema.registry.RegistryStats;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.registry.FakeRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own producer writes to topics whose schemas a registry has that fails in every way. */
class RegistryGuardIT {
    private static final String LINE =
            "{\"type\": \"record\", \"name\": \"Line\", \"fields\": [{\"name\": \"sku\", \"type\": \"string\"}]}";
    private static final String RULES = rule("payload", "registry: main")
            + rule("ids", "registry: main, level: id")
            + rule("headers", "registry: main, framing: confluent-headers")
            + rule("lenient", "registry: main}, onRegistryDown: allow, onNoSchema: allow")
            + rule("watched", "registry: main}, onViolation: observe")
            + rule("nowhere", "registry: other")
            + rule("secure", "registry: secure");

    /** The sku "a". */
    private static final byte[] GOOD = {2, 'a'};

    private static final byte[] BAD = {10, 'a'};

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static FakeRegistry registry;
    private static FakeRegistry secure;
    private static ProxyFixture weir;
    private static int id;

    private static String rule(String topic, String value) {
        String closed = value.contains("}") ? value : value + "}";
        return "---\napiVersion: weir.dev/v1\nkind: SchemaRule\nmetadata: {name: " + topic
                + ", owner: test}\nspec: {topics: [\"" + topic + "*\"], value: {" + closed + "}\n";
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start();
        registry = FakeRegistry.start();
        TestCa ca = TestCa.create(dir, "ca");
        TestCertificate shown = ca.issue(CertificateSpec.server().withFileName("shown"));
        secure = FakeRegistry.start(shown);
        secure.require("Bearer token");
        Path token = Files.writeString(dir.resolve("token"), "token\n");
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.with(RULES, Map.of()))
                .registries(config("main", registry.url(), null, null), config("secure", secure.url(), ca.pem(), token))
                .listener("open", null, null)
                .start();
    }

    private static SchemaRegistryConfig config(String name, URI url, Path trust, Path token) {
        return new SchemaRegistryConfig(name, url, trust, null, null, null, token, 8_000);
    }

    @AfterEach
    void heal() {
        registry.beWell();
    }

    @AfterAll
    static void stop() {
        weir.close();
        secure.close();
        registry.close();
        kafka.close();
    }

    /** A new topic whose subject holds a schema that nobody has asked for. */
    private static String topic(String name) {
        kafka.createTopic(name, 1);
        id = register(registry, name);
        return name;
    }

    private static int register(FakeRegistry at, String topic) {
        return at.register(
                topic + "-value",
                LINE.replace("}]", "}, {\"name\": \"" + topic.replace('-', '_') + "\", \"type\": \"null\"}]"));
    }

    private static byte[] framed(int schema, byte[] payload) {
        return ByteBuffer.allocate(5 + payload.length)
                .put((byte) 0)
                .putInt(schema)
                .put(payload)
                .array();
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap("open")));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void assertTaken(Future<RecordMetadata> sent) throws Exception {
        assertThat(sent.get(30, TimeUnit.SECONDS).hasOffset()).isTrue();
    }

    private static void assertRefused(Future<RecordMetadata> sent, String... words) {
        assertThatThrownBy(() -> sent.get(30, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(InvalidRecordException.class)
                .satisfies(e -> {
                    for (String word : words) {
                        assertThat(e).hasMessageContaining(word);
                    }
                });
    }

    private static RegistryStats stats() {
        return weir.proxy().status().schemaRegistries().get(0).stats();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void recordsAreReadByTheSchemaThatTheySay(String compression) throws Exception {
        String topic = topic("payload-" + compression);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("compression.type", compression))) {
            assertTaken(producer.send(new ProducerRecord<>(topic, framed(id, GOOD))));
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, framed(id, BAD))),
                    "value by schema id " + id + " of subject " + topic
                            + "-value (registry main): at sku (byte 0): found a length of 5 with 1 byte left");
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, framed(id, new byte[] {2, 'a', 'b'}))),
                    "value by schema id " + id + " of subject " + topic + "-value (registry main): at ");
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, GOOD)),
                    "value of subject " + topic + "-value (registry main): found 2 bytes that begin with 0x02");
            assertTaken(producer.send(new ProducerRecord<>(topic, framed(id, GOOD))));
        }
    }

    @Test
    void atLevelIdPayloadsAreNotReadAndSubjectsCount() throws Exception {
        String topic = topic("ids-1");
        int own = id;
        topic("payload-other");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0))) {
            assertTaken(producer.send(new ProducerRecord<>(topic, framed(own, BAD))));
            long asked = stats().hits() + stats().misses();
            for (int i = 0; i < 5; i++) { // of what is known, the registry's cache is not even asked
                assertTaken(producer.send(new ProducerRecord<>(topic, new byte[i], framed(own, new byte[40_000 * i]))));
            }
            assertThat(stats().hits() + stats().misses()).isEqualTo(asked + 1);
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, framed(id, GOOD))),
                    "value of subject ids-1-value (registry main): found schema id " + id
                            + ", which is registered for payload-other-value",
                    "expected a schema of subject ids-1-value");
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, framed(40_000, GOOD))),
                    "found schema id 40000, which the registry does not have");
            assertRefused(producer.send(new ProducerRecord<>(topic, framed(-1, GOOD))), "schema id 4294967295");
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, new byte[] {0, 0, 1})),
                    "found 3 bytes that begin with 0x00, expected 0x00 and a schema id of 4 bytes");
            assertRefused(
                    producer.send(new ProducerRecord<>(topic, "{}".getBytes(StandardCharsets.UTF_8))),
                    "found 2 bytes that begin with 0x7b");
        }
    }

    @Test
    void aGuidInAHeaderIsLookedUp() throws Exception {
        String topic = topic("headers-1");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, GOOD);
            record.headers().add("__value_schema_id", guid(registry.guid(id)));
            assertTaken(producer.send(record));
            ProducerRecord<byte[], byte[]> unknown = new ProducerRecord<>(topic, GOOD);
            unknown.headers().add("__value_schema_id", guid(new UUID(1, 2)));
            assertRefused(
                    producer.send(unknown),
                    "value of subject headers-1-value (registry main): found schema GUID"
                            + " 00000000-0000-0001-0000-000000000002, which the registry does not have");
            ProducerRecord<byte[], byte[]> bad = new ProducerRecord<>(topic, BAD);
            bad.headers().add("__value_schema_id", guid(registry.guid(id)));
            assertRefused(
                    producer.send(bad),
                    "value by schema GUID " + registry.guid(id)
                            + " of subject headers-1-value (registry main): at sku (byte 0)");
        }
    }

    private static byte[] guid(UUID guid) {
        return ByteBuffer.allocate(17)
                .put((byte) 1)
                .putLong(guid.getMostSignificantBits())
                .putLong(guid.getLeastSignificantBits())
                .array();
    }

    @Test
    void whoWaitsForARegistryKeepsItsOrderAndNobodyElseNotices() throws Exception {
        String topic = topic("payload-held");
        String free = topic("free");
        String known = topic("payload-known");
        int knownId = id;
        int heldId = register(registry, "payload-held");
        try (KafkaProducer<byte[], byte[]> waiting = producer(Map.of("linger.ms", 0));
                KafkaProducer<byte[], byte[]> other = producer(Map.of("linger.ms", 0))) {
            assertTaken(other.send(new ProducerRecord<>(known, framed(knownId, GOOD))));
            registry.hold();
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                sent.add(waiting.send(new ProducerRecord<>(topic, framed(heldId, GOOD))));
                sent.add(waiting.send(new ProducerRecord<>(free, GOOD)));
            }
            Patience.awaitAnswer().until(() -> stats().waiting() > 0);
            for (int i = 0; i < 20; i++) {
                assertTaken(other.send(new ProducerRecord<>(free, GOOD)));
                assertTaken(other.send(new ProducerRecord<>(known, framed(knownId, GOOD))));
            }
            assertThat(sent.get(0)).isNotDone();
            registry.beWell();
            for (int i = 0; i < 6; i++) {
                assertTaken(sent.get(i));
            }
            assertThat(sent.get(0).get().offset()).isZero();
            assertThat(sent.get(4).get().offset()).isEqualTo(2);
        }
    }

    @Test
    void aClientThatLeavesWhileItWaitsLeavesNothingBehind() throws Exception {
        String topic = topic("payload-left");
        registry.hold();
        KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 0));
        producer.send(new ProducerRecord<>(topic, framed(id, GOOD)));
        Patience.awaitAnswer().until(() -> stats().waiting() > 0);
        producer.close(Duration.ZERO);
        Patience.awaitAnswer().until(() -> weir.proxy().status().connectionsOpen() == 0);
        registry.beWell();
        Patience.awaitAnswer().until(() -> stats().waiting() == 0);
    }

    @Test
    void aRegistryThatIsDownIsTriedAgainByProducersAndOpensNothing() throws Exception {
        String topic = topic("payload-down");
        int strictId = id;
        String lenient = topic("lenient-down");
        int lenientId = id;
        registry.stop();
        try (KafkaProducer<byte[], byte[]> patient = producer(Map.of("linger.ms", 0));
                KafkaProducer<byte[], byte[]> hasty =
                        producer(Map.of("linger.ms", 0, "retries", 0, "enable.idempotence", false))) {
            assertThatThrownBy(() -> hasty.send(new ProducerRecord<>(topic, framed(strictId, BAD)))
                            .get())
                    .cause()
                    .isInstanceOf(NotEnoughReplicasException.class)
                    .hasMessageContaining("1 of the batch's 1 records cannot be judged: registry main: ");
            assertTaken(hasty.send(new ProducerRecord<>(lenient, framed(lenientId, BAD))));

            Future<RecordMetadata> sent = patient.send(new ProducerRecord<>(topic, framed(strictId, GOOD)));
            Patience.awaitAnswer().until(() -> stats().lastError() != null);
            registry.restart();
            assertTaken(sent);
            Patience.awaitAnswer().until(() -> stats().lastError() == null);
        }
    }

    @Test
    void whatSaysNoSchemaGoesOnWhereItIsAllowed() throws Exception {
        String topic = topic("lenient-json");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            assertTaken(producer.send(new ProducerRecord<>(topic, "{}".getBytes(StandardCharsets.UTF_8))));
            assertRefused(producer.send(new ProducerRecord<>(topic, framed(id, BAD))), "at sku");
        }
    }

    @Test
    void whatIsOnlyObservedWaitsForNobody() throws Exception {
        String topic = topic("watched-1");
        registry.hold();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            assertTaken(producer.send(new ProducerRecord<>(topic, framed(id, BAD))));
        }
    }

    @Test
    void aRegistryThatThisProxyDoesNotHaveIsSaidAndOpensNothing() {
        String topic = topic("nowhere");
        try (KafkaProducer<byte[], byte[]> producer =
                producer(Map.of("delivery.timeout.ms", 2_000, "request.timeout.ms", 1_000, "linger.ms", 0))) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, framed(id, GOOD)))
                            .get())
                    .cause()
                    .isInstanceOfAny(TimeoutException.class, NotEnoughReplicasException.class);
        }
        assertThat(weir.proxy().status().schemaRegistries()).last().satisfies(missing -> {
            assertThat(missing.name()).isEqualTo("other");
            assertThat(missing.problems())
                    .containsExactly("policy names schema registry other, and this proxy has none of that name;"
                            + " it wants schemaRegistries in weir.yaml");
        });
    }

    @Test
    void comesByTlsWithAToken() throws Exception {
        kafka.createTopic("secure", 1);
        int secured = register(secure, "secure");
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            assertTaken(producer.send(new ProducerRecord<>("secure", framed(secured, GOOD))));
        }
    }
}
