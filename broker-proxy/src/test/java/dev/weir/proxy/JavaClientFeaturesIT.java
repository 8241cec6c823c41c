package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.await.Patience;
import dev.weir.testkit.clients.ClientAccess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the newest Java client can do, it can do through Weir: in plaintext all the way, and with TLS and passwords on both sides. */
class JavaClientFeaturesIT {
    private static final Duration POLL = Duration.ofMillis(100);

    @TempDir
    private static Path dir;

    private static ClientsMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = ClientsMesh.start(dir);
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    /** A way in; its name makes topics and groups of its own. */
    private record Way(String name, ClientAccess access) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("plain", mesh.plain(mesh.overPlaintext())), new Way("sasl", mesh.sasl(mesh.overSaslTls())));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void transactionsAreAllOrNothing(Way way) throws Exception {
        String in = topic("tx-in", way);
        String out = topic("tx-out", way);
        produce(way, in, "a", "b", "c");
        try (KafkaProducer<String, String> producer = producer(way, Map.of("transactional.id", "tx-" + way));
                KafkaConsumer<String, String> consumer = consumer(way, "tx-" + way, Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(out, "aborted")).get();
            producer.abortTransaction();

            consumer.subscribe(List.of(in));
            assertThat(receive(consumer, 3)).containsExactly("a", "b", "c");
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(out, "committed"));
            ConsumerGroupMetadata member = consumer.groupMetadata();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition(in, 0), new OffsetAndMetadata(3)), member);
            producer.commitTransaction();
        }

        try (KafkaConsumer<String, String> consumer = consumer(way, "tx-reader-" + way, Map.of())) {
            consumer.subscribe(List.of(out));
            assertThat(receive(consumer, 1)).containsExactly("committed");
        }
        try (Admin admin = admin(way)) {
            assertThat(admin.listConsumerGroupOffsets("tx-" + way)
                            .partitionsToOffsetAndMetadata()
                            .get())
                    .containsEntry(new TopicPartition(in, 0), new OffsetAndMetadata(3));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void groupsOfBothProtocolsShareThePartitions(Way way) throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            String topic = "group-" + protocol + "-" + way;
            mesh.kafka().createTopic(topic, 4);
            Map<String, Object> properties = Map.of("group.protocol", protocol);
            try (KafkaConsumer<String, String> one = consumer(way, topic, properties);
                    KafkaConsumer<String, String> two = consumer(way, topic, properties)) {
                one.subscribe(List.of(topic));
                two.subscribe(List.of(topic));
                Patience.awaitSettled().until(() -> {
                    one.poll(POLL);
                    two.poll(POLL);
                    return one.assignment().size() == 2 && two.assignment().size() == 2;
                });
                String[] values = IntStream.range(0, 40).mapToObj(i -> "v" + i).toArray(String[]::new);
                produce(way, topic, values);
                List<String> received = new ArrayList<>();
                Patience.awaitSettled().until(() -> {
                    one.poll(POLL).forEach(record -> received.add(record.value()));
                    two.poll(POLL).forEach(record -> received.add(record.value()));
                    return received.size() >= values.length;
                });
                assertThat(received).containsExactlyInAnyOrder(values);
                one.commitSync();
                two.commitSync();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aPatternSubscribesOnTheBroker(Way way) throws Exception {
        String first = topic("pattern-a", way);
        String second = topic("pattern-b", way);
        topic("other-pattern", way);
        produce(way, first, "a");
        produce(way, second, "b");
        try (KafkaConsumer<String, String> consumer =
                consumer(way, "pattern-" + way, Map.of("group.protocol", "consumer"))) {
            consumer.subscribe(new SubscriptionPattern("pattern-.*-" + way));

            assertThat(receive(consumer, 2)).containsExactlyInAnyOrder("a", "b");
            assertThat(consumer.assignment())
                    .containsExactlyInAnyOrder(new TopicPartition(first, 0), new TopicPartition(second, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shareGroupsHandRecordsOut(Way way) throws Exception {
        String topic = topic("share", way);
        String group = "share-" + way;
        mesh.kafka()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, group),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        produce(way, topic, "a", "b", "c");
        Map<String, Object> properties = new HashMap<>(way.access().javaProperties());
        properties.put("group.id", group);
        List<String> received = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Patience.awaitSettled().until(() -> {
                consumer.poll(POLL).forEach(record -> received.add(record.value()));
                return received.size() >= 3;
            });
            assertThat(consumer.commitSync().values()).allMatch(failure -> failure.isEmpty());
        }
        assertThat(received).containsExactly("a", "b", "c");
        try (Admin admin = admin(way)) {
            assertThat(admin.describeShareGroups(List.of(group))
                            .all()
                            .get()
                            .get(group)
                            .groupState())
                    .isIn(GroupState.EMPTY, GroupState.STABLE);
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void streamsProcessExactlyOnce(Way way) throws Exception {
        String in = topic("words", way);
        String out = topic("counts", way);
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(in, Consumed.with(Serdes.String(), Serdes.String()))
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .map((word, count) -> KeyValue.pair(word, word + "=" + count))
                .to(out, Produced.with(Serdes.String(), Serdes.String()));
        Properties properties = new Properties();
        properties.putAll(way.access().javaProperties());
        properties.put("application.id", "counter-" + way);
        properties.put("processing.guarantee", "exactly_once_v2");
        properties.put("commit.interval.ms", "100");
        properties.put("statestore.cache.max.bytes", "0");
        properties.put("default.key.serde", Serdes.StringSerde.class.getName());
        properties.put("default.value.serde", Serdes.StringSerde.class.getName());
        properties.put("auto.offset.reset", "earliest");
        properties.put("state.dir", dir.resolve("state-" + way).toString());
        try (KafkaStreams streams = new KafkaStreams(builder.build(), properties);
                KafkaConsumer<String, String> consumer = consumer(way, "counts-" + way, Map.of())) {
            streams.start();
            produce(way, in, "weir", "river", "weir");
            consumer.subscribe(List.of(out));

            assertThat(receive(consumer, 3)).containsExactlyInAnyOrder("weir=1", "river=1", "weir=2");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void adminAsksAndChanges(Way way) throws Exception {
        String topic = "admin-" + way;
        TopicPartition first = new TopicPartition(topic, 0);
        try (Admin admin = admin(way)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            Patience.awaitAnswer()
                    .until(() -> describe(admin, topic).partitions().size() == 2);
            assertThat(ports(admin.describeCluster().nodes().get())).isEqualTo(portsOf(way));
            describe(admin, topic)
                    .partitions()
                    .forEach(partition -> assertThat(portsOf(way)).containsAll(ports(partition.replicas())));
            assertThat(admin.describeCluster().clusterId().get())
                    .isEqualTo(mesh.kafka().clusterId());

            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            assertThat(admin.describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .get(resource)
                            .get("retention.ms")
                            .value())
                    .isEqualTo("3600000");

            produce(way, topic, 0, "a", "b", "c");
            assertThat(admin.listOffsets(Map.of(first, OffsetSpec.latest()))
                            .partitionResult(first)
                            .get()
                            .offset())
                    .isEqualTo(3);
            admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(1)))
                    .all()
                    .get();
            assertThat(admin.listOffsets(Map.of(first, OffsetSpec.earliest()))
                            .partitionResult(first)
                            .get()
                            .offset())
                    .isEqualTo(1);
            groupsAreManaged(admin, way, topic);
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    private static void groupsAreManaged(Admin admin, Way way, String topic) throws Exception {
        String group = "managed-" + way;
        try (KafkaConsumer<String, String> consumer = consumer(way, group, Map.of())) {
            consumer.subscribe(List.of(topic));
            receive(consumer, 2);
            consumer.commitSync();
            assertThat(admin.listGroups().all().get())
                    .anyMatch(found -> found.groupId().equals(group));
            assertThat(admin.describeConsumerGroups(List.of(group))
                            .describedGroups()
                            .get(group)
                            .get()
                            .members())
                    .hasSize(1);
        }
        TopicPartition first = new TopicPartition(topic, 0);
        assertThat(admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(first)
                        .offset())
                .isEqualTo(3);
        admin.alterConsumerGroupOffsets(group, Map.of(first, new OffsetAndMetadata(2)))
                .all()
                .get();
        admin.deleteConsumerGroups(List.of(group)).all().get();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aDenialIsKafkasOwn(Way way) {
        try (KafkaProducer<String, String> producer = producer(way, Map.of());
                KafkaProducer<String, String> transactional =
                        producer(way, Map.of("transactional.id", "denied-" + way));
                KafkaConsumer<String, String> consumer = consumer(way, "denied-" + way, Map.of());
                Admin admin = admin(way)) {
            ProducerRecord<String, String> forbidden = new ProducerRecord<>(ClientsMesh.FORBIDDEN, "x");
            assertThatThrownBy(() -> producer.send(forbidden).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TopicAuthorizationException.class);

            transactional.initTransactions();
            transactional.beginTransaction();
            assertThatThrownBy(() -> transactional.send(forbidden).get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);

            consumer.assign(List.of(new TopicPartition(ClientsMesh.FORBIDDEN, 0)));
            consumer.seekToBeginning(consumer.assignment());
            assertThatThrownBy(() -> Patience.awaitAnswer()
                            .until(() -> consumer.poll(POLL).count() > 0))
                    .isInstanceOf(TopicAuthorizationException.class)
                    .satisfies(denied -> assertThat(((TopicAuthorizationException) denied).unauthorizedTopics())
                            .containsExactly(ClientsMesh.FORBIDDEN));

            assertThatThrownBy(() -> admin.createPartitions(Map.of(ClientsMesh.FORBIDDEN, NewPartitions.increaseTo(2)))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void aWrongPasswordIsKafkasOwn() {
        Map<String, Object> properties =
                new HashMap<>(mesh.sasl(mesh.overSaslTls()).javaProperties());
        properties.computeIfPresent(
                "sasl.jaas.config",
                (name, jaas) -> jaas.toString().replaceFirst("password=\"[^\"]*\"", "password=\"no\""));
        try (Admin admin = Admin.create(properties)) {
            assertThatThrownBy(() -> admin.describeCluster().nodes().get())
                    .hasCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    private static String topic(String prefix, Way way) {
        mesh.kafka().createTopic(prefix + "-" + way, 1);
        return prefix + "-" + way;
    }

    private static Map<String, Object> client(Way way, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(way.access().javaProperties());
        properties.putAll(more);
        return properties;
    }

    private static Admin admin(Way way) {
        return Admin.create(client(way, Map.of()));
    }

    private static KafkaProducer<String, String> producer(Way way, Map<String, Object> more) {
        return new KafkaProducer<>(client(way, more), new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(Way way, String group, Map<String, Object> more) {
        Map<String, Object> properties = client(way, more);
        properties.put("group.id", group);
        properties.put("auto.offset.reset", "earliest");
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private static void produce(Way way, String topic, String... values) throws Exception {
        produce(way, topic, null, values);
    }

    private static void produce(Way way, String topic, Integer partition, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = producer(way, Map.of("compression.type", "zstd"))) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(
                                topic, partition, UUID.randomUUID().toString(), value))
                        .get();
            }
        }
    }

    private static List<String> receive(KafkaConsumer<String, String> consumer, int count) {
        List<String> values = new ArrayList<>();
        Patience.awaitSettled().until(() -> {
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
            return values.size() >= count;
        });
        return values;
    }

    private static TopicDescription describe(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static Set<Integer> ports(Collection<Node> nodes) {
        return new TreeSet<>(nodes.stream().map(Node::port).toList());
    }

    /** The ports that this way's listener has for brokers. */
    private static Set<Integer> portsOf(Way way) {
        ProxyFixture proxy = way.name().equals("plain") ? mesh.overPlaintext() : mesh.overSaslTls();
        return new TreeSet<>(proxy.listener(way.name()).brokers().values().stream()
                .map(endpoint -> endpoint.port())
                .toList());
    }
}
