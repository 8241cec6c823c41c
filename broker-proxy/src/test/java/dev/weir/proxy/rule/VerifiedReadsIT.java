package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.Propagation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.policy.decide.Verification;
import dev.weir.proxy.LogCapture;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.proxy.report.ReportedRecords;
import dev.weir.proxy.telemetry.Unverified;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.certs.Ed25519Keys;
import dev.weir.testkit.clients.ClientAccess;
import dev.weir.testkit.clients.ClientTask;
import dev.weir.testkit.clients.JavaClient;
import dev.weir.testkit.clients.KafkaClient;
import dev.weir.testkit.clients.KcatClient;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consumers read through Weir what was written through Weir, and what was written around it. */
class VerifiedReadsIT {
    private static final RuleRef RULE = new RuleRef("who", "who.yaml", 1, "test");
    private static final PolicySnapshot POLICY = TestPolicy.of(
            (subject, type, name, operation) -> true,
            TopicTable.of(
                    Map.of(),
                    Map.of(
                            "observe", read(Verification.OBSERVE, true),
                            "strip", read(Verification.STRIP, true),
                            "refuse", read(Verification.REFUSE, true),
                            "dry", new Propagation(RULE, false, true, false, false, Verification.STRIP))));

    @TempDir
    private static Path dir;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;

    private static Propagation read(Verification verify, boolean enforced) {
        return new Propagation(RULE, enforced, true, false, true, verify);
    }

    @BeforeAll
    static void start() throws IOException {
        kafka = EmbeddedKafka.start();
        weir = ProxyFixture.inFrontOf(kafka.bootstrap())
                .policy(POLICY)
                .signingKey(write("signing.pem", Ed25519Keys.make().getPrivate()))
                .reports(settings -> settings.withTimes(100, 5_000))
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
    @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
    void aConsumerNeverSeesAnIdentityThatIsNotProved(String compression) {
        String topic = topic("strip-" + compression);
        Map<String, Object> settings = Map.of("compression.type", compression, "linger.ms", 20);
        TextRecords.write(weir.bootstrap(), topic, settings, "a0", "a1", "a2");
        spoof(topic, settings, "b0", "b1");
        TextRecords.write(weir.bootstrap(), topic, settings, "c0");

        List<ConsumerRecord<String, String>> records = consume(topic, 6);

        assertThat(records).extracting(ConsumerRecord::value).containsExactly("a0", "a1", "a2", "b0", "b1", "c0");
        for (ConsumerRecord<String, String> record : records) {
            if (record.value().startsWith("b")) {
                assertThat(TextRecords.headers(record)).containsExactly("other=kept", "weir-unverified=missing");
            } else {
                assertThat(TextRecords.names(record)).containsExactly("weir-principal", "weir-signature");
            }
        }
        assertThat(weir.metrics().listener("plain").verification().records(topic, null))
                .isGreaterThanOrEqualTo(4);
        assertThat(weir.metrics().listener("plain").verification().records(topic, Unverified.MISSING))
                .isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"observe-1", "dry-1"})
    void whatIsOnlyObservedIsCountedAndGoesOn(String name) {
        String topic = topic(name);
        spoof(topic, Map.of(), "v");
        assertThat(TextRecords.headers(consume(topic, 1).get(0))).containsExactly("weir-principal=root", "other=kept");
        assertThat(weir.metrics().listener("plain").verification().records(topic, Unverified.MISSING))
                .isPositive();
    }

    @Test
    void aConsumerIsToldWhereWhatIsRefusedIs() throws Exception {
        kafka.createTopic("refuse-1", 2);
        awaitId("refuse-1");
        TopicPartition bad = new TopicPartition("refuse-1", 0);
        TextRecords.write(weir.bootstrap(), "refuse-1", Map.of(), "good");
        try (KafkaProducer<String, String> around = TextRecords.producer(kafka.bootstrap(), Map.of())) {
            around.send(new ProducerRecord<>("refuse-1", 0, null, "bad")).get();
        }
        try (KafkaProducer<String, String> through = TextRecords.producer(weir.bootstrap(), Map.of())) {
            through.send(new ProducerRecord<>("refuse-1", 0, null, "after")).get();
            through.send(new ProducerRecord<>("refuse-1", 1, null, "beside")).get();
        }
        List<String> values = new ArrayList<>();
        try (LogCapture log = LogCapture.of("dev.weir.proxy.connection");
                KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            consumer.assign(List.of(bad, new TopicPartition("refuse-1", 1)));
            consumer.seekToBeginning(consumer.assignment());
            assertThatThrownBy(() -> Patience.awaitSettled().until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                        return false;
                    }))
                    .isInstanceOf(KafkaException.class)
                    .hasMessageContaining("corrupt message when fetching offset 1 for topic-partition refuse-1-0");
            assertThat(values).contains("good").doesNotContain("bad", "after");
            assertThat(log.with("kind", "fetch-refused"))
                    .anySatisfy(line -> assertThat(LogCapture.value(line, "reason"))
                            .isEqualTo("refuse-1-0: its batch of offsets 1 to 1, record 1: signature missing"));
            consumer.seek(bad, 2);
            Patience.awaitSettled().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.containsAll(List.of("good", "after", "beside"));
            });
        }
        assertThat(values).doesNotContain("bad");
        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.READ_REFUSED))
                    .isNotEmpty()
                    .allSatisfy(audit -> {
                        assertThat(audit.getReason()).isEqualTo("signature missing");
                        assertThat(audit.getReadRefusal()).isEqualTo(Audit.ReadRefusal.SIGNATURE);
                        assertThat(audit.getResourceName()).isEqualTo("refuse-1");
                        assertThat(audit.getOperation()).isEqualTo("READ");
                        assertThat(audit.getRule()).isEqualTo("who");
                        assertThat(audit.getRuleAt()).isEqualTo("who.yaml:1");
                        assertThat(audit.getClient().getPrincipal()).isEqualTo("User:anonymous");
                        assertThat(audit.getCount()).isPositive();
                    });
        });
    }

    @Test
    void transactionsComeThrough() {
        String topic = topic("refuse-transactions");
        try (KafkaProducer<String, String> producer = TextRecords.producer(
                weir.bootstrap(), Map.of("transactional.id", "verified", "compression.type", "lz4"))) {
            producer.initTransactions();
            for (String value : List.of("committed", "aborted", "again")) {
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(topic, value));
                if (value.equals("aborted")) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        assertThat(consume(topic, 2)).extracting(ConsumerRecord::value).containsExactly("committed", "again");
    }

    /** A broker stamps the batch, and what was signed is still in it; so it is when it compresses it otherwise. */
    @ParameterizedTest
    @ValueSource(strings = {"producer", "gzip"})
    void whatBrokersStampCanBeVerifiedOnTheWay(String compression) throws Exception {
        String topic = "refuse-stamped-" + compression;
        kafka.admin()
                .createTopics(List.of(new NewTopic(topic, 1, (short) 1)
                        .configs(Map.of("message.timestamp.type", "LogAppendTime", "compression.type", compression))))
                .all()
                .get();
        awaitId(topic);
        TextRecords.write(weir.bootstrap(), topic, Map.of("compression.type", "lz4", "linger.ms", 20), "a", "b");
        assertThat(consume(topic, 2)).extracting(ConsumerRecord::value).containsExactly("a", "b");
        assertThat(weir.metrics().listener("plain").verification().records(topic, Unverified.APPEND_TIME))
                .isZero();
    }

    static List<KafkaClient> clients() {
        return List.of(new JavaClient("2.1.1", Map.of()), new KcatClient());
    }

    /** Such clients name topics by name, where newer ones name them by id. */
    @ParameterizedTest
    @MethodSource("clients")
    void olderAndOtherClientsReadWhatIsVerified(KafkaClient client) {
        String topic = topic("refuse-for-" + client.name());
        TextRecords.write(weir.bootstrap(), topic, Map.of(), "v0", "v1", "v2");
        assertThat(client.run(
                                new ClientTask.Consume(topic, "group-" + topic, 3),
                                ClientAccess.plaintext(weir.bootstrap()))
                        .values())
                .containsExactly("v0", "v1", "v2");
    }

    @Test
    void membersOfAShareGroupSeeNoIdentityThatIsNotProvedEither() throws Exception {
        String topic = topic("strip-shared");
        TextRecords.write(weir.bootstrap(), topic, Map.of(), "a");
        spoof(topic, Map.of(), "b");
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "verified-shared");
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        group,
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "group.id", "verified-shared"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Patience.awaitSettled().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return records.size() >= 2;
            });
        }
        assertThat(TextRecords.names(records.get(0))).containsExactly("weir-principal", "weir-signature");
        assertThat(TextRecords.headers(records.get(1))).containsExactly("other=kept", "weir-unverified=missing");
    }

    /** A response that rules are at work on keeps its place. */
    @Test
    void responsesStayInTheOrderOfTheirRequests() {
        String topic = topic("strip-in-order");
        String quiet = topic("quiet-in-order");
        TextRecords.write(weir.bootstrap(), topic, Map.of("linger.ms", 20), "a", "b", "c");
        spoof(topic, Map.of(), "d");
        TextRecords.write(weir.bootstrap(), quiet, Map.of(), "q");
        try (RawKafkaConnection connection =
                RawKafkaConnection.open(weir.listener("plain").brokers().get(1).toString())) {
            List<Integer> sent = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                sent.add(connection.send(fetch(i % 2 == 0 ? topic : quiet), (short) 12));
                sent.add(connection.send(new ApiVersionsRequestData(), (short) 2));
            }
            for (int i = 0; i < sent.size(); i++) {
                boolean fetched = i % 2 == 0;
                var response =
                        connection.receive(fetched ? ApiKeys.FETCH : ApiKeys.API_VERSIONS, (short) (fetched ? 12 : 2));
                assertThat(response.header().correlationId()).isEqualTo(sent.get(i));
                if (fetched) {
                    FetchResponseData body = response.as(FetchResponseData.class);
                    assertThat(body.responses().get(0).topic()).isEqualTo(i % 4 == 0 ? topic : quiet);
                    assertThat(new String(response.frame(), StandardCharsets.ISO_8859_1).contains("weir-unverified"))
                            .isEqualTo(i % 4 == 0);
                }
            }
        }
    }

    private static FetchRequestData fetch(String topic) {
        return new FetchRequestData()
                .setMaxBytes(1 << 20)
                .setMaxWaitMs(0)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(0)
                                .setPartitionMaxBytes(1 << 20)))));
    }

    @Test
    void consumersTrustTheKeysThatTheyAreToldTo() throws IOException {
        String topic = topic("strip-keys");
        TextRecords.write(weir.bootstrap(), topic, Map.of(), "v");
        Path trusted = write("trusted.pem", Ed25519Keys.make().getPublic());
        try (ProxyFixture elsewhere = ProxyFixture.inFrontOf(kafka.bootstrap())
                        .policy(POLICY)
                        .trustedKeys(trusted)
                        .start();
                ProxyFixture keyless =
                        ProxyFixture.inFrontOf(kafka.bootstrap()).policy(POLICY).start()) {
            assertThat(TextRecords.headers(consume(elsewhere, topic, 1).get(0)))
                    .containsExactly("weir-unverified=unknown-key");
            assertThat(TextRecords.headers(consume(keyless, topic, 1).get(0)))
                    .containsExactly("weir-unverified=no-keys");
        }
    }

    private static String topic(String name) {
        kafka.createTopic(name, 1);
        awaitId(name);
        return name;
    }

    /** Until Weir knows the topic, so that no record is refused for that. */
    private static void awaitId(String topic) {
        Patience.awaitSettled().until(() -> {
            try (KafkaProducer<String, String> producer = TextRecords.producer(weir.bootstrap(), Map.of())) {
                return !producer.partitionsFor(topic).isEmpty();
            }
        });
    }

    /** Around Weir, with an identity of its own invention. */
    private static void spoof(String topic, Map<String, Object> settings, String... values) {
        List<Header> headers = List.of(
                new RecordHeader("weir-principal", "root".getBytes(StandardCharsets.UTF_8)),
                new RecordHeader("other", "kept".getBytes(StandardCharsets.UTF_8)));
        try (KafkaProducer<String, String> producer = TextRecords.producer(kafka.bootstrap(), settings)) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, 0, null, null, value, headers));
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        Map<String, Object> settings =
                new HashMap<>(Map.of("bootstrap.servers", weir.bootstrap(), "isolation.level", "read_committed"));
        settings.putAll(more);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static List<ConsumerRecord<String, String>> consume(String topic, int count) {
        return consume(weir, topic, count);
    }

    private static List<ConsumerRecord<String, String>> consume(ProxyFixture proxy, String topic, int count) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of("bootstrap.servers", proxy.bootstrap()))) {
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

    private static Path write(String name, Key key) throws IOException {
        return Files.writeString(dir.resolve(name), Ed25519Keys.pem(key));
    }
}
