package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the newest Java client can do with records and groups, it can do through Weir. */
class JavaClientFeaturesIT {
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

    static Stream<JavaWay> ways() {
        return JavaWay.through(mesh);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void transactionsAreAllOrNothing(JavaWay way) throws Exception {
        String in = way.topic("tx-in");
        String out = way.topic("tx-out");
        way.produce(in, "a", "b", "c");
        try (KafkaProducer<String, String> producer = way.producer(Map.of("transactional.id", "tx-" + way));
                KafkaConsumer<String, String> consumer = way.consumer("tx-" + way, Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(out, "aborted")).get();
            producer.abortTransaction();

            consumer.subscribe(List.of(in));
            assertThat(JavaWay.receive(consumer, 3)).containsExactly("a", "b", "c");
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(out, "committed"));
            ConsumerGroupMetadata member = consumer.groupMetadata();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition(in, 0), new OffsetAndMetadata(3)), member);
            producer.commitTransaction();
        }

        try (KafkaConsumer<String, String> consumer = way.consumer("tx-reader-" + way, Map.of())) {
            consumer.subscribe(List.of(out));
            assertThat(JavaWay.receive(consumer, 1)).containsExactly("committed");
        }
        try (Admin admin = way.admin()) {
            // they show once a marker is written, which nobody waits for
            Patience.awaitAnswer()
                    .untilAsserted(() -> assertThat(admin.listConsumerGroupOffsets("tx-" + way)
                                    .partitionsToOffsetAndMetadata()
                                    .get())
                            .containsEntry(new TopicPartition(in, 0), new OffsetAndMetadata(3)));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void groupsOfBothProtocolsShareThePartitions(JavaWay way) throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            String topic = "group-" + protocol + "-" + way;
            mesh.kafka().createTopic(topic, 4);
            Map<String, Object> properties = Map.of("group.protocol", protocol);
            try (KafkaConsumer<String, String> one = way.consumer(topic, properties);
                    KafkaConsumer<String, String> two = way.consumer(topic, properties)) {
                one.subscribe(List.of(topic));
                two.subscribe(List.of(topic));
                Patience.awaitSettled().until(() -> {
                    one.poll(JavaWay.POLL);
                    two.poll(JavaWay.POLL);
                    return one.assignment().size() == 2 && two.assignment().size() == 2;
                });
                String[] values = IntStream.range(0, 40).mapToObj(i -> "v" + i).toArray(String[]::new);
                way.produce(topic, values);
                List<String> received = new ArrayList<>();
                Patience.awaitSettled().until(() -> {
                    one.poll(JavaWay.POLL).forEach(record -> received.add(record.value()));
                    two.poll(JavaWay.POLL).forEach(record -> received.add(record.value()));
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
    void aPatternSubscribesOnTheBroker(JavaWay way) throws Exception {
        String first = way.topic("pattern-a");
        String second = way.topic("pattern-b");
        way.topic("other-pattern");
        way.produce(first, "a");
        way.produce(second, "b");
        try (KafkaConsumer<String, String> consumer =
                way.consumer("pattern-" + way, Map.of("group.protocol", "consumer"))) {
            consumer.subscribe(new SubscriptionPattern("pattern-.*-" + way));

            assertThat(JavaWay.receive(consumer, 2)).containsExactlyInAnyOrder("a", "b");
            assertThat(consumer.assignment())
                    .containsExactlyInAnyOrder(new TopicPartition(first, 0), new TopicPartition(second, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shareGroupsHandRecordsOut(JavaWay way) throws Exception {
        String topic = way.topic("share");
        String group = "share-" + way;
        mesh.kafka()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, group),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        way.produce(topic, "a", "b", "c");
        Map<String, Object> properties = way.properties(Map.of("group.id", group));
        List<String> received = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Patience.awaitSettled().until(() -> {
                consumer.poll(JavaWay.POLL).forEach(record -> received.add(record.value()));
                return received.size() >= 3;
            });
            assertThat(consumer.commitSync().values()).allMatch(failure -> failure.isEmpty());
        }
        assertThat(received).containsExactly("a", "b", "c");
        try (Admin admin = way.admin()) {
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
    void streamsProcessExactlyOnce(JavaWay way) throws Exception {
        String in = way.topic("words");
        String out = way.topic("counts");
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
                KafkaConsumer<String, String> consumer = way.consumer("counts-" + way, Map.of())) {
            streams.start();
            way.produce(in, "weir", "river", "weir");
            consumer.subscribe(List.of(out));

            assertThat(JavaWay.receive(consumer, 3)).containsExactlyInAnyOrder("weir=1", "river=1", "weir=2");
        }
    }
}
