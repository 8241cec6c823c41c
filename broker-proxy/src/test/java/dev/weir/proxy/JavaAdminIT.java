package dev.weir.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.await.Patience;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the newest Java client can ask and change, it can through Weir; and it is refused as Kafka would refuse it. */
class JavaAdminIT {
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
    void adminAsksAndChanges(JavaWay way) throws Exception {
        String topic = "admin-" + way;
        TopicPartition first = new TopicPartition(topic, 0);
        try (Admin admin = way.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("retention.ms", "3600000"))))
                    .all()
                    .get();
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            // a broker that has not heard of the topic yet may be asked
            Patience.awaitAnswer()
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> describe(admin, topic).partitions().size() == 2);
            assertThat(ports(admin.describeCluster().nodes().get())).isEqualTo(way.brokerPorts());
            describe(admin, topic)
                    .partitions()
                    .forEach(partition -> assertThat(way.brokerPorts()).containsAll(ports(partition.replicas())));
            assertThat(admin.describeCluster().clusterId().get())
                    .isEqualTo(mesh.kafka().clusterId());

            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            Patience.awaitAnswer()
                    .ignoreExceptionsInstanceOf(ExecutionException.class)
                    .until(() -> "3600000"
                            .equals(admin.describeConfigs(List.of(resource))
                                    .all()
                                    .get()
                                    .get(resource)
                                    .get("retention.ms")
                                    .value()));

            way.produce(topic, 0, "a", "b", "c");
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

    private static void groupsAreManaged(Admin admin, JavaWay way, String topic) throws Exception {
        String group = "managed-" + way;
        try (KafkaConsumer<String, String> consumer = way.consumer(group, Map.of())) {
            consumer.subscribe(List.of(topic));
            JavaWay.receive(consumer, 2);
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
    void aDenialIsKafkasOwn(JavaWay way) {
        try (KafkaProducer<String, String> producer = way.producer(Map.of());
                KafkaProducer<String, String> transactional =
                        way.producer(Map.of("transactional.id", "denied-" + way));
                KafkaConsumer<String, String> consumer = way.consumer("denied-" + way, Map.of());
                Admin admin = way.admin()) {
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
                            .until(() -> consumer.poll(JavaWay.POLL).count() > 0))
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

    private static TopicDescription describe(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    }

    private static Set<Integer> ports(Collection<Node> nodes) {
        return new TreeSet<>(nodes.stream().map(Node::port).toList());
    }
}
