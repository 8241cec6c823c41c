package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.Membership.Protocol;
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
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.protocol.Errors;
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
            Awaitility.await().until(() -> {
                count[0] += consumer.poll(Duration.ofMillis(100)).count();
                return count[0] >= RECORDS;
            });
            consumer.commitSync();
            consumer.poll(Duration.ofMillis(10));
        }

        awaitRecords(topic, Direction.CONSUME, RECORDS);
        Awaitility.await().untilAsserted(() -> {
            reported.poll();
            assertThat(flows(topic, Direction.CONSUME))
                    .allSatisfy(flow -> assertThat(flow.getGroup()).isEqualTo("group-" + topic));
            assertThat(reported.memberships("group-" + topic)).anySatisfy(membership -> {
                assertThat(membership.getTopicsList()).containsExactly(topic);
                assertThat(membership.getMember()).isNotEmpty();
                assertThat(membership.getProtocol())
                        .isEqualTo(protocol.equals("classic") ? Protocol.CLASSIC : Protocol.CONSUMER);
            });
            assertThat(reported.memberships("group-" + topic)).anyMatch(Membership::getLeft);
            assertThat(reported.memberships("group-" + topic))
                    .as("its only member joins once")
                    .anySatisfy(membership -> {
                        assertThat(membership.getBegunEpochsList()).isNotEmpty();
                        assertThat(membership.getEpoch()).isPositive();
                    });
            assertThat(reported.committed(topic, "group-" + topic)).isEqualTo(Map.of(0, RECORDS / 2L, 1, RECORDS / 2L));
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
    void countsWhatAShareGroupAcquires() throws Exception {
        String topic = "shared";
        kafka.createTopic(topic, 1);
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, "share-group"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        produce(topic, Map.of("enable.idempotence", true));
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", weir.bootstrap(), "group.id", "share-group", "client.id", "sharer"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            int[] count = new int[1];
            Awaitility.await().until(() -> {
                count[0] += consumer.poll(Duration.ofMillis(100)).count();
                return count[0] >= RECORDS;
            });
        }

        awaitRecords(topic, Direction.CONSUME, RECORDS);
        assertThat(flows(topic, Direction.CONSUME))
                .allSatisfy(flow -> assertThat(flow.getGroup()).isEqualTo("share-group"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(reported.poll().memberships("share-group"))
                        .anySatisfy(membership ->
                                assertThat(membership.getProtocol()).isEqualTo(Protocol.SHARE)));
    }

    @Test
    void tellsTransactionsApartAndHoldsTheirOffsets() {
        String topic = "transactional";
        kafka.createTopic(topic, 1);
        Map<TopicPartition, OffsetAndMetadata> aborted = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(7));
        Map<TopicPartition, OffsetAndMetadata> kept = Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(11));
        try (KafkaProducer<String, String> producer = producer(Map.of("transactional.id", "reported"));
                KafkaConsumer<String, String> reader = consumer("copier", "classic")) {
            ConsumerGroupMetadata copier = reader.groupMetadata();
            producer.initTransactions();
            for (Map<TopicPartition, OffsetAndMetadata> offsets : List.of(aborted, kept)) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, "key", "value" + i));
                }
                producer.flush(); // what is not on its way when a transaction is aborted is never sent
                producer.sendOffsetsToTransaction(offsets, copier);
                if (offsets == kept) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        try (KafkaConsumer<String, String> consumer = consumer("tx-reader", "classic")) {
            consumer.subscribe(List.of(topic));
            int[] count = new int[1];
            // and both markers, of which nobody waits for the second to be written
            Awaitility.await().until(() -> {
                count[0] += consumer.poll(Duration.ofMillis(100)).count();
                return count[0] >= 20 && consumer.position(new TopicPartition(topic, 0)) == 22;
            });
        }

        awaitRecords(topic, Direction.PRODUCE, 20);
        awaitRecords(topic, Direction.CONSUME, 20);
        Awaitility.await().untilAsserted(() -> {
            List<Progress> progress = reported.poll().progress(topic);
            assertThat(reported.committed(topic, "copier")).isEqualTo(Map.of(0, 11L));
            assertThat(progress.stream().flatMap(one -> one.getAppendsList().stream()))
                    .allMatch(Append::getTransactional)
                    .extracting(append -> append.getEndOffset() - append.getFirstOffset())
                    .allMatch(size -> size <= 10);
            assertThat(progress.stream()
                            .flatMap(one -> one.getSpansList().stream())
                            .filter(Span::getControl)
                            .mapToLong(span -> span.getEndOffset() - span.getFirstOffset())
                            .sum())
                    .isEqualTo(2);
        });
        assertThat(reported.progressOffsets(topic, "copier")).noneMatch(offset -> offset.getCommittedOffset() == 7);

        try (KafkaConsumer<String, String> consumer =
                consumer("tx-committed", "classic", Map.of("isolation.level", "read_committed"))) {
            consumer.subscribe(List.of(topic));
            int[] count = new int[1];
            Awaitility.await().until(() -> {
                count[0] += consumer.poll(Duration.ofMillis(100)).count();
                return count[0] >= 10;
            });
        }
        awaitRecords(topic, Direction.CONSUME, 30);
        Awaitility.await()
                .untilAsserted(() -> assertThat(reported.poll().progress(topic).stream()
                                .flatMap(one -> one.getSpansList().stream())
                                .filter(Span::getAborted))
                        .extracting(Span::getFirstOffset, Span::getEndOffset, Span::getRecords)
                        .containsExactly(tuple(0L, 10L, 10L)));
    }

    @Test
    void auditsDenialsAndAdministration() throws Exception {
        try (KafkaProducer<String, String> producer = producer(Map.of("client.id", "intruder"))) {
            kafka.createTopic("denied-1", 1);
            assertThatThrownBy(() -> producer.send(new ProducerRecord<>("denied-1", "a", "b"))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", weir.bootstrap(), "client.id", "operator"))) {
            admin.createTopics(List.of(new NewTopic("made", 1, (short) 1)))
                    .all()
                    .get();
            assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic("made", 1, (short) 1)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicExistsException.class);
        }

        Awaitility.await().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.DENIED))
                    .anySatisfy(audit -> {
                        assertThat(audit.getResourceType()).isEqualTo("TOPIC");
                        assertThat(audit.getResourceName()).isEqualTo("denied-1");
                        assertThat(audit.getRule()).isEqualTo("test/rule");
                        assertThat(audit.getRuleAt()).isEqualTo("test.yaml:1");
                        assertThat(audit.getPolicyRevision()).isEqualTo("test");
                        assertThat(audit.getCount()).isPositive();
                        assertThat(audit.getClient().getClientId()).isEqualTo("intruder");
                    });
            assertThat(reported.audits(audit -> audit.getKind() == Audit.Kind.ADMIN
                            && audit.getResourceName().equals("made")))
                    .extracting(Audit::getApi, Audit::getOperation, Audit::getErrorCode, Audit::getRule)
                    .contains(
                            tuple("CreateTopics", "CREATE", 0, "test/rule"),
                            tuple("CreateTopics", "CREATE", (int) Errors.TOPIC_ALREADY_EXISTS.code(), "test/rule"));
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
        Awaitility.await().untilAsserted(() -> {
            reported.poll();
            assertThat(flows(topic, direction).stream()
                            .mapToLong(Flow::getRecords)
                            .sum())
                    .isEqualTo(records);
        });
    }

    private static void produce(String topic, Map<String, Object> more) {
        try (KafkaProducer<String, String> producer = producer(more)) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, "key", "value" + i));
            }
        }
    }

    private static long produced(String topic, ToLongFunction<Flow> count) {
        return flows(topic, Direction.PRODUCE).stream().mapToLong(count).sum();
    }

    private static long consumed(String topic, ToLongFunction<Flow> count) {
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
        return consumer(group, protocol, Map.of());
    }

    private static KafkaConsumer<String, String> consumer(String group, String protocol, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.putAll(Map.of(
                "bootstrap.servers",
                weir.bootstrap(),
                "group.id",
                group,
                "group.protocol",
                protocol,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                false));
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }
}
