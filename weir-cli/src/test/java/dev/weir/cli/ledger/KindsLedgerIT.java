package dev.weir.cli.ledger;

import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.TopicView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups and topics that are not as others, on a real cluster behind real proxies. */
class KindsLedgerIT {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long ERROR_MILLIS_MAX = 1_500;
    /** As often as nothing changes, the cleaner is done. */
    private static final int QUIET_READS = 6;

    @TempDir
    private static Path folder;

    private static LedgerMesh mesh;

    @BeforeAll
    static void start() throws Exception {
        mesh = LedgerMesh.start(folder, List.of("shared", "compacted"), "");
    }

    @AfterAll
    static void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    @Test
    void aShareGroupIsAsLateAsTheBrokerSays() throws Exception {
        mesh.kafka().createTopic("shared", 1);
        mesh.kafka()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, "sharers"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        try (Load load = new Load(mesh, "shared", Map.of(), Map.of())) {
            load.send(200);
            try (KafkaShareConsumer<byte[], byte[]> sharer = sharer()) {
                take(sharer, 200);
                awaitSettled().untilAsserted(() -> {
                    sharer.poll(POLL); // acknowledges what came before
                    GroupLag group = group("sharers");
                    assertThat(group.protocol()).isEqualTo("SHARE");
                    assertThat(group.members())
                            .singleElement()
                            .extracting(GroupLag.Member::service)
                            .isEqualTo("shared-reader");
                    assertThat(group.lagRecords()).isZero();
                    assertThat(group.lagMillis()).isZero();
                    assertThat(group.offsetLag()).isEqualTo(brokersLag()).isZero();
                    assertThat(group.status()).isEqualTo(GroupStatus.OK);
                    assertThat(consumed("shared", "sharers")).isEqualTo(200);
                });
            }

            load.send(100);
            awaitSettled().untilAsserted(() -> {
                GroupLag group = group("sharers");
                long late = System.currentTimeMillis() - load.truth().appendedMillis(200);
                assertThat(group.lagRecords()).isEqualTo(100);
                assertThat(group.offsetLag()).isEqualTo(brokersLag()).isEqualTo(100);
                assertThat(group.lagMillis()).isCloseTo(late, within(ERROR_MILLIS_MAX));
                assertThat(group.members()).isEmpty();
                assertThat(group.status()).isEqualTo(GroupStatus.STOPPED);
            });

            try (KafkaShareConsumer<byte[], byte[]> sharer = sharer()) {
                take(sharer, 100);
                awaitSettled().untilAsserted(() -> {
                    sharer.poll(POLL);
                    assertThat(group("sharers").lagMillis()).isZero();
                    assertThat(group("sharers").lagRecords()).isZero();
                    assertThat(group("sharers").status()).isEqualTo(GroupStatus.OK);
                    assertThat(consumed("shared", "sharers")).isEqualTo(300);
                });
            }
        }
    }

    private static KafkaShareConsumer<byte[], byte[]> sharer() {
        Map<String, Object> reader = mesh.reader("shared");
        reader.put("group.id", "sharers");
        reader.put("client.id", "sharer");
        KafkaShareConsumer<byte[], byte[]> sharer =
                new KafkaShareConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        sharer.subscribe(List.of("shared"));
        return sharer;
    }

    private static void take(KafkaShareConsumer<byte[], byte[]> sharer, int records) {
        int[] taken = new int[1];
        awaitSettled().until(() -> {
            taken[0] += sharer.poll(POLL).count();
            return taken[0] >= records;
        });
        assertThat(taken[0]).isEqualTo(records);
    }

    private static long brokersLag() throws Exception {
        return mesh.kafka()
                .admin()
                .listShareGroupOffsets(Map.of("sharers", new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo("sharers")
                .get()
                .get(new TopicPartition("shared", 0))
                .lag()
                .orElse(-1L);
    }

    /** Records that compaction took out are nobody's lag, once somebody has read that they are gone. */
    @Test
    void gapsThatCompactionLeavesAreNoLag() throws Exception {
        mesh.kafka()
                .admin()
                .createTopics(List.of(new NewTopic("compacted", 1, (short) 1)
                        .configs(Map.of(
                                "cleanup.policy",
                                "compact",
                                "segment.ms",
                                "500",
                                "min.cleanable.dirty.ratio",
                                "0.001",
                                "min.compaction.lag.ms",
                                "0"))))
                .all()
                .get();
        try (Load load = new Load(mesh, "compacted", Map.of(), Map.of())) {
            awaitSettled().until(load::assigned);
            load.commit(0);
            awaitSettled().until(() -> {
                load.send(20);
                return load.produced() - inLog().size() >= 200;
            });
            keepAll();
            List<Long> offsets = settledLog();
            assertThat(offsets.size()).isLessThan((int) load.produced());

            readAll("auditors", offsets.size());

            awaitSettled().untilAsserted(() -> {
                GroupLag behind = group("compacted");
                long late = System.currentTimeMillis() - load.truth().appendedMillis(offsets.get(0));
                assertThat(behind.lagRecords()).isEqualTo(offsets.size());
                assertThat(behind.offsetLag()).isEqualTo(load.produced());
                assertThat(behind.lagMillis()).isCloseTo(late, within(ERROR_MILLIS_MAX));
                assertThat(behind.partitions()).allMatch(GroupLag.PartitionLag::compacted);
                assertThat(group("auditors").lagRecords()).isZero();
                assertThat(group("auditors").lagMillis()).isZero();
                assertThat(consumed("compacted", "auditors")).isEqualTo(offsets.size());
            });
            awaitSettled().untilAsserted(() -> {
                assertThat(mesh.view().topics("compacted", Moment.NOW))
                        .singleElement()
                        .satisfies(topic ->
                                assertThat(topic.partitions()).singleElement().matches(TopicView.Partition::compacted));
                assertThat(mesh.view().topology(Moment.NOW).nodes())
                        .filteredOn(node ->
                                node.kind() == Node.Kind.TOPIC && node.name().equals("compacted"))
                        .singleElement()
                        .satisfies(node -> assertThat(node.badges()).contains("compacted"));
            });
        }
    }

    /** Offsets of the records that are in the log, asked around the mesh. */
    private static List<Long> inLog() {
        TopicPartition partition = new TopicPartition("compacted", 0);
        List<Long> offsets = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> direct = new KafkaConsumer<>(
                Map.of("bootstrap.servers", mesh.kafka().bootstrap(), "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            direct.assign(List.of(partition));
            direct.seekToBeginning(List.of(partition));
            long end = direct.endOffsets(List.of(partition)).get(partition);
            while (direct.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record : direct.poll(POLL)) {
                    offsets.add(record.offset());
                }
            }
        }
        return offsets;
    }

    /** Lets the cleaner begin nothing more. */
    private static void keepAll() throws Exception {
        mesh.kafka()
                .admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, "compacted"),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("min.compaction.lag.ms", "86400000"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** As before, once the cleaner has ended what it was at. */
    private static List<Long> settledLog() {
        List<List<Long>> reads = new ArrayList<>();
        awaitSettled().pollInterval(Duration.ofMillis(500)).until(() -> {
            reads.add(inLog());
            int from = reads.size() - QUIET_READS;
            return from >= 0
                    && reads.subList(from, reads.size()).stream().distinct().count() == 1;
        });
        return reads.get(reads.size() - 1);
    }

    private static void readAll(String groupId, int records) {
        Map<String, Object> reader = mesh.reader("compacted");
        reader.putAll(Map.of(
                "group.id",
                groupId,
                "client.id",
                groupId,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"));
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(reader, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("compacted"));
            int[] read = new int[1];
            awaitSettled().until(() -> {
                read[0] += consumer.poll(POLL).count();
                return read[0] >= records;
            });
            assertThat(read[0]).isEqualTo(records);
            consumer.commitSync();
        }
    }

    private static long consumed(String topic, String group) {
        return mesh.edges(Moment.NOW, topic, topic + "-reader").stream()
                .filter(edge -> edge.group().equals(group))
                .mapToLong(Edge::recordsTotal)
                .sum();
    }

    private static GroupLag group(String name) {
        return mesh.group(name);
    }
}
