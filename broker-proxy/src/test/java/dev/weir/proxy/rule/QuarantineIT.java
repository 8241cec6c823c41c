package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.proxy.ProxyFixture;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientReport;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.ClientTask.Write.Message;
import dev.weir.testkit.clients.ScriptClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of bad records that go to a dead-letter topic, and of their producers, in front of a real broker. */
class QuarantineIT {
    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder()
                .autoCreateTopics(false)
                .authorizer()
                .property("allow.everyone.if.no.acl.found", "true")
                .start();
        kafka.createTopic("letters", 1);
        kafka.createTopic("denied-letters", 1);
        kafka.createTopic("small-letters", 1, Map.of("max.message.bytes", "120"));
        // whoever comes without credentials, as Weir does here, may see it and no more
        kafka.createAcls(List.of(new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, "denied-letters", PatternType.LITERAL),
                new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.DESCRIBE, AclPermissionType.ALLOW))));
        weir = Guarded.proxy(kafka);
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

    @ParameterizedTest
    @CsvSource({"0-none, none", "0-gzip, gzip", "0-snappy, snappy", "0-lz4, lz4", "0-zstd, zstd", "named, none"})
    void withoutAProducerIdBadRecordsAreKeptAndAcceptedAndGoodOnesGoOn(String name, String compression)
            throws Exception {
        String topic = topic("orders-" + name);
        long before = Guarded.end(kafka, "letters", 0);
        try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(weir, "compression.type", compression)) {
            ProducerRecord<byte[], byte[]> bad =
                    new ProducerRecord<>(topic, 0, 1_700_000_000_123L, Guarded.GOOD, Guarded.BAD);
            bad.headers()
                    .add("mine", Guarded.GOOD)
                    .add("weir-origin-topic", Guarded.BAD)
                    .add("empty", null);
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (var record : List.of(
                    Guarded.record(topic, 0, Guarded.GOOD),
                    bad,
                    Guarded.record(topic, 0, Guarded.GOOD),
                    Guarded.record(topic, 0, Guarded.BAD))) {
                sent.add(producer.send(record));
            }
            Future<RecordMetadata> other = producer.send(Guarded.record(topic, 1, Guarded.GOOD));
            Future<RecordMetadata> allBad = producer.send(Guarded.record(topic, 1, Guarded.BAD));
            producer.flush();

            for (Future<RecordMetadata> one : sent) {
                assertThat(one.get().hasOffset())
                        .as("an offset would be that of another record")
                        .isFalse();
            }
            assertThat(other.get().hasOffset()).isFalse();
            assertThat(allBad.get().hasOffset()).isFalse();
            assertThat(producer.send(Guarded.record(topic, 0, Guarded.GOOD))
                            .get()
                            .offset())
                    .isEqualTo(2);
        }
        assertThat(Guarded.read(kafka, topic, 0, 3))
                .extracting(ConsumerRecord::value)
                .containsOnly(Guarded.GOOD);
        assertThat(Guarded.end(kafka, topic, 1)).isEqualTo(1);

        List<ConsumerRecord<byte[], byte[]>> letters = Guarded.read(kafka, "letters", before, 3);
        ConsumerRecord<byte[], byte[]> letter = letters.stream()
                .filter(one -> one.timestamp() == 1_700_000_000_123L)
                .findFirst()
                .orElseThrow();
        assertThat(letter.key()).isEqualTo(Guarded.GOOD);
        assertThat(letter.value()).isEqualTo(Guarded.BAD);
        assertThat(Arrays.asList(letter.headers().toArray()).subList(0, 2))
                .containsExactly(new RecordHeader("mine", Guarded.GOOD), new RecordHeader("empty", (byte[]) null));
        assertThat(Guarded.header(letter, "weir-schema-violation"))
                .isEqualTo("payload; value by schema r.avsc: at id (byte 0): found a length of 5 with 1 byte left,"
                        + " expected a string");
        assertThat(Guarded.header(letter, "weir-origin-topic")).isEqualTo(topic);
        assertThat(Guarded.header(letter, "weir-origin-partition")).isEqualTo("0");
        assertThat(Guarded.header(letter, "weir-origin-service")).isEqualTo("shop");
        assertThat(Guarded.header(letter, "weir-origin-principal")).isEqualTo("User:anonymous");
        assertThat(Guarded.header(letter, "weir-origin-client-id")).isEqualTo("till");
        assertThat(Guarded.header(letter, "weir-schema-rule")).startsWith("orders (policy.yaml:");
        assertThat(Guarded.header(letter, "weir-quarantined-at")).endsWith("Z");
        assertThat(letters)
                .extracting(one -> Guarded.header(one, "weir-origin-partition"))
                .containsOnlyOnce("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void anIdempotentProducerIsToldWhereItsBadRecordsAreAndGoesOn(String compression) throws Exception {
        String topic = topic("orders-0-idempotent-" + compression);
        long before = Guarded.end(kafka, "letters", 0);
        try (KafkaProducer<byte[], byte[]> producer = Guarded.producer(weir, "compression.type", compression)) {
            Future<RecordMetadata> good = producer.send(Guarded.record(topic, 0, Guarded.GOOD));
            Future<RecordMetadata> bad = producer.send(Guarded.record(topic, 0, Guarded.BAD));
            Future<RecordMetadata> other = producer.send(Guarded.record(topic, 1, Guarded.GOOD));

            assertThatThrownBy(bad::get)
                    .cause()
                    .isInstanceOf(InvalidRecordException.class)
                    .hasMessageContaining("found a length of 5")
                    .hasMessageEndingWith("; kept in topic letters, partition 0, offset " + before);
            assertThatThrownBy(good::get).hasMessageContaining("it was part of a batch which had");
            assertThat(other.get().offset()).isZero();
            assertThat(Guarded.end(kafka, topic, 0)).isZero();
            assertThat(producer.send(Guarded.record(topic, 0, Guarded.GOOD))
                            .get()
                            .offset())
                    .isZero();
        }
        assertThat(Guarded.read(kafka, "letters", before, 1)).hasSize(1);
    }

    @Test
    void aTransactionIsAbortedAndTheNextOneGoesOn() throws Exception {
        String topic = topic("orders-0-transactional");
        try (KafkaProducer<byte[], byte[]> producer = Guarded.producer(weir, "transactional.id", "till")) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> bad = producer.send(Guarded.record(topic, 0, Guarded.BAD));
            assertThatThrownBy(bad::get).hasMessageContaining("; kept in topic letters");
            producer.abortTransaction();
            producer.beginTransaction();
            Future<RecordMetadata> good = producer.send(Guarded.record(topic, 0, Guarded.GOOD));
            producer.commitTransaction();
            assertThat(good.get().hasOffset()).isTrue();
        }
        assertThat(Guarded.read(kafka, topic, 0, 1))
                .extracting(ConsumerRecord::value)
                .containsExactly(Guarded.GOOD);
    }

    @Test
    void whoWaitsForNoAnswerLosesNothing() throws Exception {
        String topic = topic("orders-0-unanswered");
        long before = Guarded.end(kafka, "letters", 0);
        try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(weir, "acks", "0", "linger.ms", 0)) {
            producer.send(Guarded.record(topic, 0, Guarded.BAD)).get();
            producer.send(Guarded.record(topic, 0, Guarded.GOOD)).get();
            assertThat(Guarded.read(kafka, "letters", before, 1)).hasSize(1);
            assertThat(Guarded.read(kafka, topic, 0, 1))
                    .extracting(ConsumerRecord::value)
                    .containsExactly(Guarded.GOOD);
        }
    }

    @Test
    void aTopicThatIsMissingIsWaitedForByItsProducer() throws Exception {
        String topic = topic("lost-0");
        long failed = failures();
        try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(weir)) {
            Future<RecordMetadata> good = producer.send(Guarded.record(topic, 0, Guarded.GOOD));
            Future<RecordMetadata> bad = producer.send(Guarded.record(topic, 0, Guarded.BAD));
            Patience.awaitAnswer().until(() -> failures() > failed);
            assertThat(bad.isDone()).isFalse();
            assertThat(Guarded.end(kafka, topic, 0))
                    .as("half a batch is not accepted")
                    .isZero();

            kafka.createTopic("missing", 1);
            assertThat(bad.get().hasOffset()).isFalse();
            assertThat(good.get().hasOffset()).isFalse();
        }
        assertThat(Guarded.end(kafka, "missing", 0)).isEqualTo(1);
        assertThat(Guarded.end(kafka, topic, 0)).isEqualTo(1);
    }

    private static long failures() {
        return weir.metrics().listener("open").schemas().deadLetters(false);
    }

    @Test
    void aTopicThatWeirMayNotWriteToIsNoLossEither() throws Exception {
        String topic = topic("denied-0");
        try (KafkaProducer<byte[], byte[]> producer = Guarded.plain(weir, "retries", 0)) {
            assertThatThrownBy(() ->
                            producer.send(Guarded.record(topic, 0, Guarded.BAD)).get())
                    .hasMessageContaining("belong into dead-letter topic denied-letters, which cannot take them now:"
                            + " Weir's own user may not write to it");
        }
        assertThat(Guarded.end(kafka, "denied-letters", 0)).isZero();
    }

    @Test
    void whatIsTooLargeToBeKeptIsRefused() throws Exception {
        String topic = topic("small-0");
        for (KafkaProducer<byte[], byte[]> producer : List.of(Guarded.plain(weir), Guarded.producer(weir))) {
            try (producer) {
                assertThatThrownBy(() -> producer.send(Guarded.record(topic, 0, Guarded.BAD))
                                .get())
                        .cause()
                        .isInstanceOf(InvalidRecordException.class)
                        .hasMessageContaining("found a length of 5");
                assertThat(producer.send(Guarded.record(topic, 1, Guarded.GOOD))
                                .get()
                                .hasOffset())
                        .isTrue();
            }
        }
        assertThat(Guarded.end(kafka, "small-letters", 0)).isZero();
    }

    @ParameterizedTest
    @EnumSource(ScriptClient.class)
    void clientsOfOtherLanguagesAreToldAsBrokersTellThemAndGoOn(ScriptClient client) throws Exception {
        String name = client.name().toLowerCase(Locale.ROOT);
        ClientReport refused = written(client, "refused-0-" + name);
        assertThat(refused.errorCodes()).containsExactly(refusal(client));
        assertThat(refused.acked()).extracting(ClientReport.Acked::offset).containsExactly(0L, 1L);

        long before = Guarded.end(kafka, "letters", 0);
        ClientReport kept = written(client, "orders-0-" + name);
        if (client == ScriptClient.KAFKA_PYTHON) { // it numbers no batches
            assertThat(kept.errors()).isEmpty();
            assertThat(kept.acked()).extracting(ClientReport.Acked::offset).containsExactly(0L, -1L, 1L);
        } else {
            assertThat(kept.errorCodes()).containsExactly(refusal(client));
            assertThat(kept.acked()).extracting(ClientReport.Acked::offset).containsExactly(0L, 1L);
        }
        assertThat(Guarded.read(kafka, "letters", before, 1).get(0).value()).isEqualTo(Guarded.BAD);
        assertThat(Guarded.read(kafka, "orders-0-" + name, 0, 2))
                .extracting(ConsumerRecord::value)
                .containsOnly(Guarded.GOOD);
    }

    private static ClientReport written(ScriptClient client, String topic) {
        kafka.createTopic(topic, 1);
        List<Message> records = Stream.of(Guarded.GOOD, Guarded.BAD, Guarded.GOOD)
                .map(value -> Message.of(null, value))
                .toList();
        return client.run(
                new ClientTask.Write(topic, records, List.of("none")), ClientAccess.plaintext(weir.bootstrap("open")));
    }

    /** Brokers say INVALID_RECORD, and what is wrong with a record to those who speak Produce 8 or later. */
    private static String refusal(ScriptClient client) {
        return switch (client) {
            case CONFLUENT_PYTHON, KAFKAJS -> "INVALID_RECORD";
            case KAFKA_PYTHON -> "UNKNOWN"; // it is older than the error
            case PLATFORMATIC -> "UNKNOWN_SERVER_ERROR"; // it puts the message of the record before the error
        };
    }
}
