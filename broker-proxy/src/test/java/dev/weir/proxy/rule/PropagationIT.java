package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.authenticate.PasswordHash;
import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.config.ListenerSasl;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.clients.ScriptClient;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who wrote a record, told to whoever consumes it: real producers write through Weir, and a consumer beside Weir reads what
 * the brokers have.
 */
class PropagationIT {
    private static final RuleRef RULE = new RuleRef("who", "who.yaml", 1, "test");
    private static final String SPOOFED = "weir-principal";
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final PolicySnapshot TOLD = TestPolicy.of(
            (subject, type, name, operation) -> true,
            TopicTable.of(
                    Map.of(),
                    Map.of(
                            "told", new Propagation(RULE, true, true, false, false),
                            "traced", new Propagation(RULE, true, true, true, false),
                            "dry", new Propagation(RULE, false, true, false, false))));

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static RawProduce raw;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start();
        raw = new RawProduce(kafka);
        PasswordHash password = PasswordHash.create("secret", PasswordHash.ITERATIONS_MIN);
        Path users = Files.writeString(dir.resolve("users.txt"), "checkout:" + password.encoded() + "\n");
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(TOLD)
                .listener("sasl", null, new ListenerSasl(users, true))
                .listener("open", null, null)
                .listener("small", null, null, new ListenerLimits(104_857_600, 16, 100, 10_000, 30_000, 100_000, 20))
                .start();
    }

    @AfterAll
    static void stop() {
        weir.close();
        kafka.close();
    }

    private static ClientAccess checkout() {
        return ClientAccess.saslPlain(weir.bootstrap("sasl"), "checkout", "secret");
    }

    private static String topic(String name) {
        kafka.createTopic(name, 1);
        return name;
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void everyRecordTellsOnceWhoWroteIt(String compression) throws Exception {
        String topic = topic("told-" + compression);
        try (KafkaProducer<String, String> producer =
                producer(Map.of("compression.type", compression, "batch.size", 40_000, "linger.ms", 5))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                sent.add(producer.send(spoofed(topic, "key-" + i, "value-" + i + "x".repeat(i % 300))));
            }
            sent.add(producer.send(new ProducerRecord<>(topic, null, "y".repeat(900_000))));
            sent.add(producer.send(new ProducerRecord<>(topic, null, null)));
            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
        }
        List<ConsumerRecord<String, String>> records = consume(topic, 3_002);
        for (int i = 0; i < 3_000; i++) {
            ConsumerRecord<String, String> record = records.get(i);
            assertThat(record.key()).isEqualTo("key-" + i);
            assertThat(record.value()).isEqualTo("value-" + i + "x".repeat(i % 300));
            assertThat(headers(record)).containsExactly("traceparent=client", "other=kept", "weir-principal=checkout");
        }
        assertThat(records.get(3_000).value()).hasSize(900_000);
        assertThat(records.get(3_001).value()).isNull();
        assertThat(headers(records.get(3_001))).containsExactly("weir-principal=checkout");
    }

    @Test
    void everyRecordHasOneTraceWhereThatIsWanted() throws Exception {
        String topic = topic("traced-1");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(new ProducerRecord<>(topic, "none")).get();
            producer.send(spoofed(topic, "k", "broken")).get();
            producer.send(new ProducerRecord<>(
                            topic, null, "k", "good", List.of(new RecordHeader("traceparent", bytes(TRACE)))))
                    .get();
        }
        List<ConsumerRecord<String, String>> records = consume(topic, 3);
        assertThat(records)
                .allSatisfy(record ->
                        assertThat(record.headers().headers("traceparent")).hasSize(1));
        assertThat(headers(records.get(0)).get(1)).matches("traceparent=00-[0-9a-f]{32}-[0-9a-f]{16}-00");
        assertThat(headers(records.get(1))).noneMatch("traceparent=client"::equals);
        assertThat(headers(records.get(2))).contains("traceparent=" + TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void transactionsStayWhatTheyAre(String compression) {
        String topic = topic("told-transactions-" + compression);
        try (KafkaProducer<String, String> producer = producer(
                Map.of("transactional.id", "tx-" + compression, "compression.type", compression, "linger.ms", 5))) {
            producer.initTransactions();
            for (String value : List.of("committed", "aborted", "again")) {
                producer.beginTransaction();
                for (int i = 0; i < 50; i++) {
                    producer.send(spoofed(topic, "k", value + i));
                }
                if (value.equals("aborted")) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        List<ConsumerRecord<String, String>> records = consume(topic, 100);
        assertThat(records)
                .extracting(ConsumerRecord::value)
                .containsExactlyElementsOf(Stream.of("committed", "again")
                        .flatMap(value -> IntStream.range(0, 50).mapToObj(i -> value + i))
                        .toList());
        assertThat(records)
                .allSatisfy(record -> assertThat(headers(record))
                        .containsExactly("traceparent=client", "other=kept", "weir-principal=checkout"));
    }

    @Test
    void anIdempotentProducerGoesOnWhilePolicyComesAndGoes() throws Exception {
        String topic = topic("told-changing");
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", "zstd", "linger.ms", 1))) {
            for (int i = 0; i < 2_000; i++) {
                if (i % 250 == 0) {
                    producer.flush();
                    weir.policy(i % 500 == 0 ? TestPolicy.allowAll() : TOLD);
                }
                sent.add(producer.send(spoofed(topic, "k", "v" + i)));
            }
            for (int i = 0; i < sent.size(); i++) {
                assertThat(sent.get(i).get().offset()).isEqualTo(i);
            }
        } finally {
            weir.policy(TOLD);
        }
        List<ConsumerRecord<String, String>> records = consume(topic, 2_000);
        assertThat(headers(records.get(0))).contains("weir-principal=spoofed");
        assertThat(headers(records.get(300))).contains("weir-principal=checkout");
        assertThat(headers(records.get(600))).contains("weir-principal=spoofed");
    }

    @Test
    void whatIsNotAnsweredIsToldAsWell() {
        String topic = topic("told-unanswered");
        List<ConsumerRecord<String, String>> records;
        try (KafkaProducer<String, String> producer =
                producer(Map.of("acks", "0", "enable.idempotence", "false", "compression.type", "gzip"))) {
            for (int i = 0; i < 50; i++) {
                producer.send(spoofed(topic, "k", "v" + i));
            }
            // before it closes: a socket that is closed with an answer unread takes what it sent last with it
            records = consume(topic, 50);
        }
        assertThat(records).extracting(ConsumerRecord::value).startsWith("v0").endsWith("v49");
        assertThat(records).allSatisfy(record -> assertThat(headers(record)).contains("weir-principal=checkout"));
    }

    @Test
    void inDryRunNothingIsChanged() throws Exception {
        String topic = topic("dry-1");
        long before = weir.metrics().listener("sasl").propagation().headersRemoved(true);
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            producer.send(spoofed(topic, "k", "v")).get();
        }
        assertThat(headers(consume(topic, 1).get(0))).contains("weir-principal=spoofed", "WEIR-Principal=spoofed");
        assertThat(weir.metrics().listener("sasl").propagation().headersRemoved(true) - before)
                .isEqualTo(2);
    }

    static Stream<KafkaClient> clients() {
        return Stream.concat(Stream.of(new KcatClient()), Stream.of(ScriptClient.values()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("clients")
    void clientsOfOtherLanguagesNeedNotKnow(KafkaClient client) {
        String topic = topic("told-by-" + client.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-"));
        assertThat(client.run(new ClientTask.Produce(topic, 5), checkout()).errors())
                .isEmpty();
        List<ConsumerRecord<String, String>> records = consume(topic, 5);
        assertThat(records).extracting(ConsumerRecord::value).containsExactly("v0", "v1", "v2", "v3", "v4");
        assertThat(records)
                .allSatisfy(record -> assertThat(headers(record)).containsExactly("weir-principal=checkout"));
        assertThat(client.run(new ClientTask.Consume(topic, "group-" + topic, 5), checkout())
                        .values())
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(shorts = {9, 12, 13})
    void otherPartitionsOfARequestGoOnAsTheyAre(short version) throws Exception {
        String told = topic("told-mixed-" + version);
        String quiet = topic("quiet-" + version);
        MemoryRecords records =
                MemoryRecords.withRecords(Compression.gzip().build(), new SimpleRecord(1, null, bytes("v"), headers()));
        try (RawKafkaConnection connection = RawKafkaConnection.open(leader("open"))) {
            ProduceRequestData request =
                    new ProduceRequestData().setAcks((short) -1).setTimeoutMs(30_000);
            raw.add(request, version, told, records);
            raw.add(request, version, quiet, records);
            assertThat(RawProduce.errors(connection.request(request, version).as(ProduceResponseData.class)))
                    .containsExactly(Errors.NONE, Errors.NONE);
        }
        assertThat(headers(consume(told, 1).get(0)))
                .containsExactly("traceparent=client", "other=kept", "weir-principal=anonymous");
        assertThat(headers(consume(quiet, 1).get(0))).contains("weir-principal=spoofed", "WEIR-Principal=spoofed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"broken", "old", "trailing", "empty"})
    void aBatchThatIsNoneIsAnsweredAsKafkaAnswersIt(String kind) throws Exception {
        String told = topic("told-no-batch-" + kind);
        String other = topic("told-batch-beside-" + kind);
        MemoryRecords good = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(1, null, bytes("v")));
        Map<String, Errors> byKafka;
        Map<String, Errors> byWeir;
        try (RawKafkaConnection connection = RawKafkaConnection.open(kafka.bootstrap())) {
            byKafka = raw.produce(connection, told, RawProduce.bad(kind), other, good);
        }
        try (RawKafkaConnection connection = RawKafkaConnection.open(leader("open"))) {
            byWeir = raw.produce(connection, told, RawProduce.bad(kind), other, good);
            assertThat(raw.produce(connection, told, good, other, good))
                    .as("the connection goes on")
                    .containsEntry(told, Errors.NONE);
        }
        assertThat(byWeir.get(told)).isEqualTo(byKafka.get(told)).isNotEqualTo(Errors.NONE);
        if (kind.equals("broken")) {
            assertThat(byWeir).isEqualTo(byKafka).containsEntry(other, Errors.NONE);
        }
    }

    @Test
    void aBombIsRefusedAndALargeBatchIsSentAgainInPieces() throws Exception {
        String topic = topic("told-large");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", weir.bootstrap("small"), "compression.type", "zstd"),
                new StringSerializer(),
                new StringSerializer())) {
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>(topic, "x".repeat(1_000_000)))
                            .get())
                    .hasCauseInstanceOf(RecordTooLargeException.class);
        }
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        weir.bootstrap("small"),
                        "compression.type",
                        "zstd",
                        "batch.size",
                        500_000,
                        "linger.ms",
                        300),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i + "x".repeat(9_000))));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
        assertThat(consume(topic, 40)).hasSize(40);
    }

    /** The one broker, through Weir. */
    private static String leader(String listener) {
        return weir.listener(listener).brokers().values().iterator().next().toString();
    }

    private static KafkaProducer<String, String> producer(Map<String, Object> changes) {
        Map<String, Object> config = new HashMap<>(checkout().javaProperties());
        config.put("retries", 3); // what the broker does not take is to be seen
        config.putAll(changes);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    private static ProducerRecord<String, String> spoofed(String topic, String key, String value) {
        return new ProducerRecord<>(topic, null, key, value, List.of(headers()));
    }

    private static Header[] headers() {
        return new Header[] {
            new RecordHeader(SPOOFED, bytes("spoofed")),
            new RecordHeader("traceparent", bytes("client")),
            new RecordHeader("WEIR-Principal", bytes("spoofed")),
            new RecordHeader("other", bytes("kept"))
        };
    }

    private static List<String> headers(ConsumerRecord<?, ?> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Read committed, from the broker itself. */
    private static List<ConsumerRecord<String, String>> consume(String topic, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Patience.awaitSettled().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= count;
            });
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
