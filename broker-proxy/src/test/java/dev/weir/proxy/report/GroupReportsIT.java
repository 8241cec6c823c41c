package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.kafka.EmbeddedKafka;
import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Membership;
import dev.weir.mesh.report.v1.Membership.Protocol;
import dev.weir.mesh.report.v1.OffsetRange;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.ProxyFixture;
import dev.weir.proxy.TestPolicy;
import dev.weir.testkit.await.Patience;
import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups of the newer protocols: who is in them, and what share groups acknowledge. */
class GroupReportsIT {
    private static final int RECORDS = 40;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final short STREAMS_HEARTBEAT_VERSION = 0;

    /** The last that names topics. */
    private static final short FETCH_VERSION = 12;

    private static EmbeddedKafka kafka;
    private static ProxyFixture weir;
    private static ReportedRecords reported;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(1).start();
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

    /** The newest client sends acknowledgements along with the next fetch, or, with {@code commitSync}, by themselves. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsWhatAShareGroupAcknowledges(boolean alone) throws Exception {
        String topic = alone ? "acknowledged-alone" : "acknowledged-with-fetches";
        String group = "of-" + topic;
        kafka.createTopic(topic, 1);
        fromTheBeginning(group);
        produce(topic);
        try (KafkaShareConsumer<String, String> consumer = shareConsumer(group)) {
            consumer.subscribe(List.of(topic));
            List<Long> seen = new ArrayList<>();
            Patience.awaitSettled().until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                    AcknowledgeType type = acknowledgement(record.offset(), seen.contains(record.offset()));
                    consumer.acknowledge(record, type);
                    seen.add(record.offset());
                }
                if (alone) {
                    consumer.commitSync();
                }
                // every fifth is released once, and comes again
                return seen.size() >= RECORDS + RECORDS / 5;
            });
        }

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(sum(topic, Acknowledgement::getAccepted)).isEqualTo(RECORDS - RECORDS / 10);
            assertThat(sum(topic, Acknowledgement::getRejected)).isEqualTo(RECORDS / 10);
            assertThat(sum(topic, Acknowledgement::getReleased)).isEqualTo(RECORDS / 5);
            assertThat(acknowledgements(topic)
                            .flatMap(told -> told.getDoneList().stream())
                            .mapToLong(range -> range.getEndOffset() - range.getFirstOffset())
                            .sum())
                    .isEqualTo(RECORDS);
        });
        assertThat(acknowledgements(topic)).allSatisfy(told -> {
            assertThat(told.getGroup()).isEqualTo(group);
            assertThat(told.getMember()).isNotEmpty();
            assertThat(told.getAtMillis()).isPositive();
            assertThat(told.getClient().getClientId()).isEqualTo("sharer");
            assertThat(told.getDoneList())
                    .isSortedAccordingTo((a, b) -> Long.compare(a.getFirstOffset(), b.getFirstOffset()));
        });
        assertThat(acknowledgements(topic)
                        .flatMap(told -> told.getDoneList().stream())
                        .mapToLong(OffsetRange::getEndOffset)
                        .max())
                .hasValue(RECORDS);
        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(reported.poll().memberships(group))
                        .anySatisfy(membership -> {
                            assertThat(membership.getProtocol()).isEqualTo(Protocol.SHARE);
                            assertThat(membership.getTopicsList()).containsExactly(topic);
                            assertThat(membership.getClient().getClientId()).isEqualTo("sharer");
                        })
                        .anySatisfy(membership ->
                                assertThat(membership.getBegunEpochsList()).isNotEmpty())
                        .anyMatch(Membership::getLeft));
    }

    private static AcknowledgeType acknowledgement(long offset, boolean again) {
        if (offset % 10 == 3) {
            return AcknowledgeType.REJECT;
        }
        return offset % 5 == 0 && !again ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT;
    }

    @Test
    void countsADenialOfAPartlyRefusedFetchOnce() {
        kafka.createTopic("open", 1);
        kafka.createTopic("denied-in-part", 1);
        produce("open");
        try (RawKafkaConnection connection =
                RawKafkaConnection.open(weir.bootstrap()).withClientId("curious")) {
            FetchResponseData answer = connection
                    .request(fetch("open", "denied-in-part"), FETCH_VERSION)
                    .as(FetchResponseData.class);
            assertThat(answer.responses())
                    .extracting(
                            FetchableTopicResponse::topic,
                            topic -> Errors.forCode(topic.partitions().get(0).errorCode()))
                    .containsExactlyInAnyOrder(
                            tuple("open", Errors.NONE), tuple("denied-in-part", Errors.TOPIC_AUTHORIZATION_FAILED));
        }

        Patience.awaitAnswer().untilAsserted(() -> {
            reported.poll();
            assertThat(reported.flows(flow -> flow.getTopic().equals("denied-in-part")))
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.getDenied()).isEqualTo(1));
            assertThat(reported.flows(
                            flow -> flow.getTopic().equals("open") && flow.getDirection() == Direction.CONSUME))
                    .singleElement()
                    .satisfies(flow -> assertThat(flow.getRecords()).isEqualTo(RECORDS));
        });
        assertThat(reported.flows(flow -> flow.getDirection() == Direction.CONSUME
                        && flow.getClient().getClientId().equals("curious")))
                .allSatisfy(flow -> assertThat(flow.getErrorsMap()).isEmpty());
    }

    private static FetchRequestData fetch(String... topics) {
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(1 << 20)
                .setSessionEpoch(-1)
                .setTopics(Stream.of(topics)
                        .map(topic -> new FetchRequestData.FetchTopic()
                                .setTopic(topic)
                                .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                        .setPartition(0)
                                        .setFetchOffset(0)
                                        .setPartitionMaxBytes(1 << 20))))
                        .toList());
    }

    @Test
    void tellsWhoIsInAStreamsGroup(@TempDir Path dir) {
        kafka.createTopic("words", 2);
        kafka.createTopic("counts", 1);
        produce("words");
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("words", Consumed.with(Serdes.String(), Serdes.String()))
                .to("counts", Produced.with(Serdes.String(), Serdes.String()));
        Properties properties = new Properties();
        properties.put("bootstrap.servers", weir.bootstrap());
        properties.put("application.id", "counter");
        properties.put("client.id", "counter-1");
        properties.put("group.protocol", "streams");
        properties.put("auto.offset.reset", "earliest");
        properties.put("state.dir", dir.toString());
        try (KafkaStreams streams = new KafkaStreams(builder.build(), properties)) {
            streams.start();
            Patience.awaitSettled().untilAsserted(() -> {
                reported.poll();
                assertThat(reported.memberships("counter")).anySatisfy(membership -> {
                    assertThat(membership.getProtocol()).isEqualTo(Protocol.STREAMS);
                    assertThat(membership.getTopicsList()).containsExactly("words");
                    assertThat(membership.getBegunEpochsList()).isNotEmpty();
                    assertThat(membership.getMember()).isNotEmpty();
                    assertThat(membership.getClient().getClientId()).startsWith("counter-1");
                    assertThat(membership.getLeft()).isFalse();
                });
                assertThat(reported.flows(
                                flow -> flow.getTopic().equals("words") && flow.getDirection() == Direction.CONSUME))
                        .isNotEmpty()
                        .allSatisfy(flow -> assertThat(flow.getGroup()).isEqualTo("counter"));
            });
        }
    }

    @Test
    void tellsWhoLeavesAStreamsGroup() throws Exception {
        kafka.createTopic("left-behind", 1);
        kafka.admin().listConsumerGroupOffsets("leavers").all().get(); // whereupon there is a coordinator
        StreamsGroupHeartbeatRequestData.Topology topology = new StreamsGroupHeartbeatRequestData.Topology()
                .setEpoch(1)
                .setSubtopologies(List.of(new StreamsGroupHeartbeatRequestData.Subtopology()
                        .setSubtopologyId("0")
                        .setSourceTopics(List.of("left-behind"))));
        try (RawKafkaConnection connection =
                RawKafkaConnection.open(weir.bootstrap()).withClientId("leaver")) {
            Patience.awaitSettled().until(() -> beat(connection, 0, topology), Errors.NONE::equals);
            beat(connection, -1, null);
        }

        Patience.awaitAnswer()
                .untilAsserted(() -> assertThat(reported.poll().memberships("leavers"))
                        .anySatisfy(membership -> {
                            assertThat(membership.getLeft()).isTrue();
                            assertThat(membership.getMember()).isEqualTo("member-1");
                            assertThat(membership.getProtocol()).isEqualTo(Protocol.STREAMS);
                            assertThat(membership.getTopicsList()).containsExactly("left-behind");
                            assertThat(membership.getClient().getClientId()).isEqualTo("leaver");
                        }));
    }

    private static Errors beat(
            RawKafkaConnection connection, int epoch, StreamsGroupHeartbeatRequestData.Topology topology) {
        StreamsGroupHeartbeatRequestData request = new StreamsGroupHeartbeatRequestData()
                .setGroupId("leavers")
                .setMemberId("member-1")
                .setMemberEpoch(epoch)
                .setTopology(topology);
        if (epoch == 0) {
            request.setRebalanceTimeoutMs(10_000)
                    .setProcessId("process-1")
                    .setActiveTasks(List.of())
                    .setStandbyTasks(List.of())
                    .setWarmupTasks(List.of());
        }
        return Errors.forCode(connection
                .request(request, STREAMS_HEARTBEAT_VERSION)
                .as(StreamsGroupHeartbeatResponseData.class)
                .errorCode());
    }

    private static Stream<Acknowledgement> acknowledgements(String topic) {
        return reported.progress(topic).stream().flatMap(progress -> progress.getAcknowledgementsList().stream());
    }

    private static long sum(String topic, ToLongFunction<Acknowledgement> count) {
        return acknowledgements(topic).mapToLong(count).sum();
    }

    private static void fromTheBeginning(String group) throws Exception {
        kafka.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, group),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static KafkaShareConsumer<String, String> shareConsumer(String group) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", weir.bootstrap());
        properties.put("group.id", group);
        properties.put("client.id", "sharer");
        properties.put("share.acknowledgement.mode", "explicit");
        return new KafkaShareConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    private static void produce(String topic) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", weir.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, 0, "key", "value" + i));
            }
        }
    }
}
