package dev.weir.canary.kafka;

import static dev.weir.canary.kafka.ChangeTraffic.CANARY;
import static dev.weir.canary.kafka.ChangeTraffic.SOON;
import static dev.weir.canary.kafka.ChangeTraffic.TIMES;
import static dev.weir.canary.kafka.ChangeTraffic.TOPIC;
import static dev.weir.canary.kafka.ChangeTraffic.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.kafka.EmbeddedKafka;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The protocol on a real Kafka: four proxies' ends, two controllers, and a ledger of every record. */
class ChangeProtocolIT {
    private static final int PARTITIONS = 3;

    private static EmbeddedKafka kafka;
    private static Map<String, Object> cluster;

    private final AtomicReference<CanaryPlan> wanted = new AtomicReference<>(plan("0%"));
    private final CanaryWatch watch = CanaryWatch.start(() -> cluster, "test");
    private final List<MeshMember> members = new CopyOnWriteArrayList<>();
    private final List<ControllerNode> controllers = new ArrayList<>();
    private final AtomicInteger partitions = new AtomicInteger(PARTITIONS);

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start();
        cluster = Map.of("bootstrap.servers", kafka.bootstrap());
        try (Admin admin = Admin.create(cluster)) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void everyRecordIsProcessedByOneSideThroughChangesAndChangesOfControllers() throws Exception {
        for (int i = 0; i < 4; i++) {
            members.add(MeshMember.start(() -> cluster, "proxy-" + i, TIMES, () -> {}));
        }
        controllers.add(controller("first"));
        controllers.add(controller("second"));
        await().atMost(SOON).until(() -> members.stream().allMatch(member -> member.serving(CANARY) != null));
        try (ChangeTraffic traffic = new ChangeTraffic(cluster, partitions::get, members)) {
            change(traffic, "10%");
            change(traffic, "60%");
            addPartition(traffic);
            controllers.stream().filter(ControllerNode::isActive).forEach(ControllerNode::close);
            assertThat(tell(Command.Action.SET, "100%"))
                    .isInstanceOf(RolloutEvent.Obeyed.class); // nobody is in office yet
            traffic.changed("100%");
            deposeTheController();
            change(traffic, "30%");
            members.remove(0).close();
            assertThat(tell(Command.Action.ABORT, "0%")).isInstanceOf(RolloutEvent.Obeyed.class);
            traffic.changed("0%");
            assertThat(tell(Command.Action.PROMOTE, "0%")).isInstanceOf(RolloutEvent.Refused.class);
            assertThat(watch.canaries().get(CANARY).weights())
                    .extracting(change -> change.weight().toString())
                    .containsExactly("10%", "60%", "100%", "30%", "0%");
            // all that the canary owned is done, and forgotten
            await().atMost(SOON)
                    .until(() -> members.stream()
                            .allMatch(member -> member.serving(CANARY) != null && !member.isSeeded(CANARY)));

            traffic.finish();
            assertThat(left()).as("who was closed said so").anyMatch(proxy -> proxy.startsWith("proxy-0/"));
        }
    }

    @AfterEach
    void stopAll() {
        watch.close();
        members.forEach(MeshMember::close);
        controllers.forEach(ControllerNode::close);
    }

    private ControllerNode controller(String name) {
        return ControllerNode.start(() -> cluster, name, TIMES, () -> List.of(wanted.get()), Measuring.NONE);
    }

    /** The proxies that said goodbye. */
    private static List<String> left() {
        return ChangeTraffic.log(cluster).stream()
                .filter(ChangeEvent.Left.class::isInstance)
                .map(event -> ((ChangeEvent.Left) event).proxy())
                .toList();
    }

    private RolloutEvent tell(Command.Action action, String weight) throws Exception {
        Command command =
                new Command(UUID.randomUUID().toString(), CANARY, action, Weight.parse(weight), "ada", "because");
        return watch.tell(command).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private void addPartition(ChangeTraffic traffic) throws Exception {
        try (Admin admin = Admin.create(cluster)) {
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(PARTITIONS + 1)))
                    .all()
                    .get();
        }
        partitions.incrementAndGet();
        await().atMost(SOON).until(() -> traffic.reached(PARTITIONS));
    }

    private void change(ChangeTraffic traffic, String weight) {
        wanted.set(plan(weight));
        traffic.changed(weight);
    }

    /** As a controller does that takes over from one that still thinks it is the one. */
    private static void deposeTheController() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "transactional.id",
                        ChangeTopics.CONTROLLER_TRANSACTIONAL_ID),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
        }
    }
}
