package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.origin.OriginVerifier;
import dev.weir.mesh.origin.OriginVerifier.Verdict;
import dev.weir.mesh.origin.RecordOrigin;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.Ed25519Keys;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Records are signed on their way in, and an application verifies them with nothing but the JDK and its Kafka client. */
class SignedRecordsIT {
    private static final PolicySnapshot SIGNED = TestPolicy.of(
            (subject, type, name, operation) -> true,
            TopicTable.of(
                    Map.of(),
                    Map.of(
                            "signed",
                            new Propagation(new RuleRef("who", "who.yaml", 1, "test"), true, true, true, true))));

    @TempDir
    private static Path dir;

    private static KeyPair keys;
    private static KeyPair next;
    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() throws IOException {
        keys = Ed25519Keys.make();
        next = Ed25519Keys.make();
        kafka = EmbeddedKafka.start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(SIGNED)
                .signingKey(write("signing.pem", keys))
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    @ParameterizedTest
    @CsvSource({
        "none, plain",
        "none, idempotent",
        "none, transactional",
        "lz4, idempotent",
        "snappy, idempotent",
        "gzip, plain",
        "zstd, idempotent",
        "zstd, transactional"
    })
    void anApplicationVerifiesWhereARecordCameFrom(String compression, String kind) {
        String topic = "signed-" + compression + "-" + kind;
        kafka.createTopic(topic, 2);
        Map<String, Object> settings = new HashMap<>(Map.of("compression.type", compression, "linger.ms", 50));
        settings.put("enable.idempotence", !kind.equals("plain"));
        if (kind.equals("transactional")) {
            settings.put("transactional.id", topic);
        }
        try (KafkaProducer<String, String> producer = TextRecords.producer(weir.bootstrap(), settings)) {
            if (kind.equals("transactional")) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            long now = System.currentTimeMillis(); // what is old is deleted
            for (int i = 0; i < 60; i++) {
                String key = i % 3 == 0 ? null : "k" + i;
                String value = i % 5 == 0 ? null : "v" + i;
                producer.send(new ProducerRecord<>(topic, i % 2, now + i, key, value));
            }
            if (kind.equals("transactional")) {
                producer.commitTransaction();
            }
        }
        Uuid id = topicId(topic);
        List<ConsumerRecord<byte[], byte[]>> records = consume(topic, 60);
        assertThat(records)
                .allSatisfy(record -> assertThat(verdict(record, id, record.partition(), keys))
                        .isEqualTo(Verdict.GENUINE));
        ConsumerRecord<byte[], byte[]> one = records.get(0);
        assertThat(verdict(one, id, 1 - one.partition(), keys)).isEqualTo(Verdict.FORGED);
        assertThat(verdict(one, Uuid.randomUuid(), one.partition(), keys)).isEqualTo(Verdict.FORGED);
        assertThat(verdict(one, id, one.partition(), next)).isEqualTo(Verdict.UNKNOWN_KEY);
    }

    static List<KafkaClient> clients() {
        return List.of(new JavaClient("2.1.1", Map.of()), new KcatClient());
    }

    /** Such clients name topics by name, where newer ones name them by id. */
    @ParameterizedTest
    @MethodSource("clients")
    void whatOlderAndOtherClientsWriteIsSigned(KafkaClient client) {
        String topic = "signed-by-" + client.name();
        kafka.createTopic(topic, 1);
        // a topic that is new may be asked for again, until its id is known
        Patience.awaitSettled()
                .until(() -> client.run(new ClientTask.Produce(topic, 5), ClientAccess.plaintext(weir.bootstrap()))
                        .errors()
                        .isEmpty());
        Uuid id = topicId(topic);
        assertThat(consume(topic, 5))
                .allSatisfy(record -> assertThat(verdict(record, id, 0, keys)).isEqualTo(Verdict.GENUINE));
    }

    @Test
    void aRecordThatIsCopiedElsewhereIsFoundOut() throws ExecutionException, InterruptedException {
        kafka.createTopic("signed-here", 1);
        kafka.createTopic("copied", 1);
        try (KafkaProducer<String, String> producer = TextRecords.producer(weir.bootstrap(), Map.of())) {
            producer.send(new ProducerRecord<>("signed-here", "v")).get();
        }
        ConsumerRecord<byte[], byte[]> genuine = consume("signed-here", 1).get(0);
        try (KafkaProducer<String, String> around = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()), new StringSerializer(), new StringSerializer())) {
            around.send(new ProducerRecord<>("copied", 0, genuine.timestamp(), null, "v", genuine.headers()))
                    .get();
            around.send(new ProducerRecord<>("signed-here", "never seen by Weir"))
                    .get();
        }
        Uuid here = topicId("signed-here");
        assertThat(verdict(genuine, here, 0, keys)).isEqualTo(Verdict.GENUINE);
        assertThat(verdict(consume("copied", 1).get(0), topicId("copied"), 0, keys))
                .isEqualTo(Verdict.FORGED);
        assertThat(verdict(consume("signed-here", 2).get(1), here, 0, keys)).isEqualTo(Verdict.UNSIGNED);
    }

    @Test
    void aNewKeyIsTakenWhileClientsStayConnected() throws IOException {
        kafka.createTopic("signed-anew", 1);
        Path key = write("rotated.pem", keys);
        try (ProxyFixture rotating = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(SIGNED)
                        .signingKey(key)
                        .start();
                KafkaProducer<String, String> producer = TextRecords.producer(rotating.bootstrap(), Map.of())) {
            send(producer, "before");
            long accepted = rotating.metrics().listener("plain").connectionsAccepted();
            Files.writeString(key, "half a key");
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThat(rotating.proxy().status().signingProblems())
                            .singleElement()
                            .asString()
                            .contains("no private key in this file"));
            send(producer, "with the last good one");
            Files.delete(key);
            Patience.awaitSettled()
                    .untilAsserted(() -> assertThat(rotating.proxy().status().signingProblems())
                            .containsExactly("rotated.pem does not exist"));
            write("rotated.pem", next);
            Patience.awaitSettled().until(() -> {
                send(producer, "again");
                List<ConsumerRecord<byte[], byte[]>> records = consume("signed-anew", 1);
                ConsumerRecord<byte[], byte[]> last = records.get(records.size() - 1);
                return verdict(last, topicId("signed-anew"), 0, next) == Verdict.GENUINE;
            });
            assertThat(rotating.metrics().listener("plain").connectionsAccepted())
                    .isEqualTo(accepted);
            assertThat(rotating.proxy().status().signingProblems()).isEmpty();
        }
        OriginVerifier both = new OriginVerifier(List.of(keys.getPublic(), next.getPublic()));
        Uuid id = topicId("signed-anew");
        assertThat(consume("signed-anew", 2))
                .allSatisfy(record -> assertThat(verdict(record, id, 0, both)).isEqualTo(Verdict.GENUINE));
    }

    @Test
    void whatIsToBeSignedDoesNotGoOnUnsigned() {
        kafka.createTopic("signed-without", 1);
        try (ProxyFixture keyless =
                        ProxyFixture.inFrontOf(kafka.bootstrap()).policy(SIGNED).start();
                KafkaProducer<String, String> producer = TextRecords.producer(keyless.bootstrap(), Map.of())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("signed-without", "v"))
                            .get())
                    .hasCauseInstanceOf(PolicyViolationException.class)
                    .hasMessageContaining("this proxy has no key");
        }
    }

    @Test
    void aKeyOfAnotherKindIsRefusedAtTheStart() throws IOException, NoSuchAlgorithmException {
        Path rsa = write("rsa.pem", KeyPairGenerator.getInstance("RSA").generateKeyPair());
        assertThatThrownBy(() -> SigningKeys.readKey(rsa)).hasMessageContaining("rsa.pem holds no Ed25519 key");
        assertThatThrownBy(() -> SigningKeys.readKey(Files.writeString(dir.resolve("no.pem"), "x")))
                .hasMessageContaining("no private key in this file");
    }

    private static Verdict verdict(
            ConsumerRecord<byte[], byte[]> record, Uuid topicId, int partition, KeyPair trusted) {
        return verdict(record, topicId, partition, new OriginVerifier(List.of(trusted.getPublic())));
    }

    private static Verdict verdict(
            ConsumerRecord<byte[], byte[]> record, Uuid topicId, int partition, OriginVerifier verifier) {
        Header principal = record.headers().lastHeader("weir-principal");
        Header signature = record.headers().lastHeader("weir-signature");
        RecordOrigin origin = new RecordOrigin(
                kafka.clusterId(),
                new UUID(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()),
                partition,
                record.timestamp(),
                wrap(record.key()),
                wrap(record.value()),
                principal == null ? "" : new String(principal.value(), StandardCharsets.UTF_8));
        return verifier.verify(origin, signature == null ? null : signature.value());
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static Uuid topicId(String topic) {
        try {
            return kafka.admin()
                    .describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .topicId();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(KafkaProducer<String, String> producer, String value) {
        try {
            producer.send(new ProducerRecord<>("signed-anew", value)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path write(String name, KeyPair pair) throws IOException {
        return Files.writeString(dir.resolve(name), Ed25519Keys.pem(pair.getPrivate()));
    }

    private static List<ConsumerRecord<byte[], byte[]>> consume(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Patience.awaitSettled().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }
}
