package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.canary.Clients;
import dev.weir.canary.Handover;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measuring;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.kafka.EmbeddedKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The protocol on a real Kafka: four proxies' ends, two controllers, and a ledger of every record. */
class ChangeProtocolIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final ChangeTimes TIMES = new ChangeTimes(
            TimeUnit.SECONDS.toNanos(4),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.MILLISECONDS.toNanos(200),
            TimeUnit.SECONDS.toNanos(20),
            TimeUnit.MILLISECONDS.toNanos(50));
    private static final String CANARY = "payments";
    private static final String TOPIC = "payments";
    private static final int PARTITIONS = 3;
    private static final int KEYS = 200;

    private static EmbeddedKafka kafka;
    private static Map<String, Object> cluster;

    private final AtomicReference<CanaryPlan> plan = new AtomicReference<>(plan("0%"));
    private final CanaryWatch watch = CanaryWatch.start(() -> cluster, "test");
    private final List<MeshMember> members = new CopyOnWriteArrayList<>();
    private final List<ControllerNode> controllers = new ArrayList<>();
    /** Who processed a record, by partition and offset. */
    private final Map<String, Side> processed = new ConcurrentHashMap<>();

    private final Map<String, Long> lastOffset = new ConcurrentHashMap<>();
    private final AtomicInteger partitions = new AtomicInteger(PARTITIONS);
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();

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
        ExecutorService threads = Executors.newFixedThreadPool(3);
        AtomicReference<Boolean> going = new AtomicReference<>(true);
        try {
            await().atMost(SOON).until(() -> members.stream().allMatch(member -> member.serving(CANARY) != null));
            Future<Integer> produced = threads.submit(() -> produce(going));
            List<Future<?>> consumers = new ArrayList<>();
            for (Side side : Side.values()) {
                consumers.add(threads.submit(() -> consume(side, produced)));
            }

            change("10%");
            change("60%");
            addPartition();
            controllers.stream().filter(ControllerNode::isActive).forEach(ControllerNode::close);
            assertThat(tell(Command.Action.SET, "100%"))
                    .isInstanceOf(RolloutEvent.Obeyed.class); // nobody is in office yet
            changed("100%");
            deposeTheController();
            change("30%");
            members.remove(0).close();
            assertThat(tell(Command.Action.ABORT, "0%")).isInstanceOf(RolloutEvent.Obeyed.class);
            changed("0%");
            assertThat(tell(Command.Action.PROMOTE, "0%")).isInstanceOf(RolloutEvent.Refused.class);
            assertThat(watch.canaries().get(CANARY).weights())
                    .extracting(change -> change.weight().toString())
                    .containsExactly("10%", "60%", "100%", "30%", "0%");
            // all that the canary owned is done, and forgotten
            await().atMost(SOON)
                    .until(() -> members.stream()
                            .allMatch(member -> member.serving(CANARY) != null && !member.isSeeded(CANARY)));

            going.set(false);
            int records = produced.get(SOON.toSeconds(), TimeUnit.SECONDS);
            for (Future<?> consumer : consumers) {
                consumer.get(2 * SOON.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(broken).isEmpty();
            assertThat(left()).as("who was closed said so").anyMatch(proxy -> proxy.startsWith("proxy-0/"));
            assertThat(processed).hasSize(records);
            Map<Side, Integer> shares = new EnumMap<>(Side.class);
            processed.values().forEach(side -> shares.merge(side, 1, Integer::sum));
            assertThat(shares).containsKeys(Side.STABLE, Side.CANARY);
        } finally {
            going.set(false);
            threads.shutdownNow();
            assertThat(threads.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            watch.close();
            members.forEach(MeshMember::close);
            controllers.forEach(ControllerNode::close);
        }
    }

    private ControllerNode controller(String name) {
        return ControllerNode.start(() -> cluster, name, TIMES, () -> List.of(plan.get()), Measuring.NONE);
    }

    /** The proxies that said goodbye. */
    private static List<String> left() {
        TopicPartition partition = ChangeTopics.LOG_PARTITION;
        List<String> left = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> log = new ClientSettings(() -> cluster, "test").reader(partition)) {
            long end = log.endOffsets(List.of(partition)).get(partition);
            while (log.position(partition) < end) {
                log.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (ChangeMessages.event(record.value()) instanceof ChangeEvent.Left event) {
                        left.add(event.proxy());
                    }
                });
            }
        }
        return left;
    }

    private RolloutEvent tell(Command.Action action, String weight) throws Exception {
        Command command =
                new Command(UUID.randomUUID().toString(), CANARY, action, Weight.parse(weight), "ada", "because");
        return watch.tell(command).get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private void addPartition() throws Exception {
        try (Admin admin = Admin.create(cluster)) {
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(PARTITIONS + 1)))
                    .all()
                    .get();
        }
        partitions.incrementAndGet();
        await().atMost(SOON)
                .until(() -> processed.keySet().stream().anyMatch(place -> place.startsWith(PARTITIONS + "/")));
    }

    /** Until every proxy serves by it, and has done a little work. */
    private void change(String weight) {
        plan.set(plan(weight));
        changed(weight);
    }

    private void changed(String weight) {
        await().atMost(SOON)
                .until(() -> members.stream().allMatch(member -> {
                    var table = member.serving(CANARY);
                    return table != null && table.weight().equals(Weight.parse(weight));
                }));
        int before = processed.size();
        await().atMost(SOON).until(() -> processed.size() >= before + 100);
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

    private static CanaryPlan plan(String weight) {
        return new CanaryPlan(
                CANARY,
                new Scope(
                        "payments",
                        "payments~canary",
                        List.of(TOPIC),
                        new Slices(CANARY),
                        new Clients("payments", "v1*", List.of()),
                        new Clients("payments", "v2*", List.of())),
                RolloutPlan.staying(Weight.parse(weight), Gates.NONE),
                Handover.ORDERED);
    }

    private static int produce(AtomicReference<Boolean> going) throws Exception {
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "linger.ms", 0, "metadata.max.age.ms", 500),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            while (going.get()) {
                byte[] key = sent % 10 == 0 ? null : ("customer-" + sent % KEYS).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, key, new byte[20]))
                        .get(); // as fast as one after the other goes
                sent++;
            }
        }
        return sent;
    }

    private Void consume(Side side, Future<Integer> produced) throws Exception {
        try (SideConsumer consumer =
                new SideConsumer(kafka.bootstrap(), side, plan.get(), partitions::get, members, this::processed)) {
            while (!produced.isDone() || processed.size() < produced.get()) {
                consumer.poll();
            }
        }
        return null;
    }

    private void processed(Side side, ConsumerRecord<byte[], byte[]> record) {
        String place = record.partition() + "/" + record.offset();
        Side before = processed.putIfAbsent(place, side);
        if (before != null && before != side) {
            broken.add(place + " went to both");
        }
        if (record.key() != null && before == null) {
            // a key that another partition has since there is one more is another one
            String key = record.partition() + "/" + new String(record.key(), StandardCharsets.UTF_8);
            Long last = lastOffset.put(key, record.offset());
            if (last != null && last > record.offset()) {
                broken.add(key + ": " + record.offset() + " after " + last);
            }
        }
    }
}
