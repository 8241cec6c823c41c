package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.config.SchemaRegistryConfig;
import dev.weir.schema.registry.RegistryFailure;
import dev.weir.schema.registry.RegistryStats;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.CertificateSpec;
import dev.weir.testkit.certs.TestCa;
import dev.weir.testkit.certs.TestCertificate;
import dev.weir.testkit.registry.FakeRegistry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of records of every kind of rule while their registry is in every kind of trouble, and when it is well again. */
class RegistryTroubleIT {
    /** So long that each record comes by itself, in a batch of the smallest size. */
    private static final byte[] KEY = new byte[32];

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static FakeRegistry registry;
    private static TestCertificate trusted;
    private static TestCertificate stranger;
    private static ProxyFixture weir;

    private enum Trouble {
        FAILS(RegistryFailure.SERVER_ERROR) {
            @Override
            void begin() {
                registry.failWith(500, null);
            }
        },
        WANTS_TO_BE_ASKED_LESS(RegistryFailure.THROTTLED) {
            @Override
            void begin() {
                registry.failWith(429, "1");
            }
        },
        SHOWS_ANOTHER_CERTIFICATE(RegistryFailure.TLS) {
            @Override
            void begin() {
                registry.present(stranger);
            }

            @Override
            void end() {
                registry.present(trusted);
            }
        },
        IS_SLOWER_THAN_ITS_TIMEOUT(RegistryFailure.TIMEOUT) {
            @Override
            void begin() {
                registry.hold();
            }
        },
        IS_STOPPED(RegistryFailure.UNREACHABLE) {
            @Override
            void begin() {
                registry.stop();
            }

            @Override
            void end() {
                registry.restart();
            }
        };

        private final RegistryFailure failure;

        Trouble(RegistryFailure failure) {
            this.failure = failure;
        }

        abstract void begin();

        void end() {
            registry.beWell();
        }
    }

    /** A topic, and the schema of its subject, for which nobody has asked yet. */
    private record Topic(String name, int schema) {
        ProducerRecord<byte[], byte[]> good() {
            return record(GuardPolicy.good("a"));
        }

        ProducerRecord<byte[], byte[]> bad() {
            return record(GuardPolicy.bad("a"));
        }

        private ProducerRecord<byte[], byte[]> record(byte[] payload) {
            return new ProducerRecord<>(name, 0, KEY, GuardPolicy.framed(schema, payload));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start();
        kafka.createTopic("letters", 1);
        TestCa ca = TestCa.create(dir, "ca");
        trusted = ca.issue(CertificateSpec.server().withFileName("trusted"));
        stranger = TestCa.create(dir, "other").issue(CertificateSpec.server().withFileName("stranger"));
        registry = FakeRegistry.start(trusted);
        String value = "value: {registry: main}";
        String allow = value + ", onRegistryDown: allow";
        String kept = ", onViolation: quarantine, deadLetterTopic: letters";
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(GuardPolicy.of(Map.of(
                        "strict", value,
                        "ids", "value: {registry: main, level: id}",
                        "kept", value + kept,
                        "tagged", value + ", onViolation: tag",
                        "watched", value + ", onViolation: observe",
                        "allowed", allow,
                        "keptallowed", allow + kept,
                        "taggedallowed", allow + ", onViolation: tag")))
                .registries(new SchemaRegistryConfig("main", registry.url(), ca.pem(), null, null, null, null, 1_000))
                .listener("open", null, null)
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        registry.close();
        kafka.close();
    }

    private static Topic topic(String rule, Trouble trouble) {
        String name = rule + "-" + trouble.ordinal();
        kafka.createTopic(name, 1);
        String schema = GuardPolicy.SCHEMA.replace("\"R\"", "\"R_" + name.replace('-', '_') + "\"");
        return new Topic(name, registry.register(name + "-value", schema));
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers",
                weir.bootstrap("open"),
                "linger.ms",
                0,
                "batch.size",
                1,
                "retry.backoff.ms",
                50,
                "retry.backoff.max.ms",
                100));
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void assertTaken(Future<RecordMetadata> sent) throws Exception {
        assertThat(sent.get().hasOffset()).isTrue();
    }

    private static void assertNotNow(Future<RecordMetadata> sent) {
        assertThatThrownBy(sent::get)
                .cause()
                .isInstanceOf(NotEnoughReplicasException.class)
                .hasMessageContaining("1 of the batch's 1 records cannot be judged: registry main: ");
    }

    private static void assertRefused(Future<RecordMetadata> sent, String words) {
        assertThatThrownBy(sent::get)
                .cause()
                .isInstanceOf(InvalidRecordException.class)
                .hasMessageContaining(words);
    }

    private static RegistryStats stats() {
        return weir.proxy().status().schemaRegistries().get(0).stats();
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void whatCannotBeJudgedIsTreatedAsItsRuleSaysAndNobodyElseNotices(Trouble trouble) throws Exception {
        Topic strict = topic("strict", trouble);
        Topic ids = topic("ids", trouble);
        Topic kept = topic("kept", trouble);
        Topic tagged = topic("tagged", trouble);
        Topic known = topic("strict-known", trouble);
        Topic free = topic("free", trouble);
        Topic watched = topic("watched", trouble);
        List<Topic> allowed =
                List.of(topic("allowed", trouble), topic("keptallowed", trouble), topic("taggedallowed", trouble));
        long letters = Guarded.end(kafka, "letters", 0);
        long failures = stats().failures().get(trouble.failure);
        try (KafkaProducer<byte[], byte[]> patient = producer(Map.of());
                KafkaProducer<byte[], byte[]> hasty = producer(Map.of("retries", 0, "enable.idempotence", false));
                KafkaProducer<byte[], byte[]> other = producer(Map.of("retries", 0))) {
            assertTaken(patient.send(known.good()));
            trouble.begin();

            assertNotNow(hasty.send(strict.bad()));
            // a request may give up a moment before the question that it waits for
            Patience.awaitAnswer().until(() -> stats().failures().get(trouble.failure) > failures);
            assertThat(stats().lastError()).isNotNull();
            for (Topic one : List.of(ids, kept, tagged)) {
                assertNotNow(hasty.send(one.bad()));
            }
            assertTaken(hasty.send(watched.bad()));
            for (Topic one : allowed) {
                assertTaken(hasty.send(one.bad()));
            }
            List<Future<RecordMetadata>> waiting =
                    List.of(patient.send(strict.good()), patient.send(strict.bad()), patient.send(strict.good()));
            for (int i = 0; i < 10; i++) {
                assertTaken(other.send(free.bad()));
                assertTaken(other.send(known.good()));
            }
            assertRefused(other.send(known.bad()), "of subject " + known.name() + "-value (registry main): at id");
            assertThat(waiting).noneMatch(Future::isDone);
            for (Topic one : List.of(strict, ids, kept, tagged)) {
                assertThat(Guarded.end(kafka, one.name(), 0)).isZero();
            }
            assertThat(Guarded.end(kafka, "letters", 0)).isEqualTo(letters);

            trouble.end();
            assertTaken(waiting.get(0));
            assertRefused(waiting.get(1), "(registry main): at id");
            assertTaken(waiting.get(2));
            assertTaken(patient.send(ids.bad()));
            assertRefused(patient.send(kept.bad()), "(registry main): at id");
            assertTaken(patient.send(tagged.bad()));
        }
        assertThat(stats().lastError()).isNull();
        ConsumerRecord<byte[], byte[]> letter =
                Guarded.read(kafka, "letters", letters, 1).get(0);
        assertThat(Guarded.header(letter, "weir-origin-topic")).isEqualTo(kept.name());
        assertThat(Guarded.header(letter, "weir-schema-violation"))
                .startsWith("payload; value by schema id " + kept.schema() + " of subject " + kept.name()
                        + "-value (registry main): at id (byte 0): found ");
        assertThat(header(tagged))
                .startsWith("payload; value by schema id " + tagged.schema() + " of subject " + tagged.name()
                        + "-value (registry main): at id (byte 0): found ");
        for (Topic one : allowed) {
            assertThat(header(one)).as("it went on unread").isNull();
        }
    }

    private static String header(Topic topic) {
        return Guarded.header(Guarded.read(kafka, topic.name(), 0, 1).get(0), "weir-schema-violation");
    }
}
