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
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.RolloutPlan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A canary with a producer, and with a consumer on each side that works through proxies: and a ledger of every record. */
final class ChangeTraffic implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);
    static final String CANARY = "payments";
    static final String TOPIC = "payments";
    /** Leases of four seconds, and one more until a proxy is counted out. */
    static final ChangeTimes TIMES = new ChangeTimes(
            TimeUnit.SECONDS.toNanos(4),
            TimeUnit.SECONDS.toNanos(1),
            TimeUnit.MILLISECONDS.toNanos(200),
            TimeUnit.SECONDS.toNanos(20),
            TimeUnit.MILLISECONDS.toNanos(50));

    private static final int KEYS = 200;
    private static final int SOME = 100;

    private final Map<String, Object> cluster;
    private final IntSupplier partitions;
    private final List<MeshMember> members;
    private final ExecutorService threads = Executors.newFixedThreadPool(1 + Side.values().length);
    private final List<Future<?>> consumers = new ArrayList<>();
    /** Who processed a record, by partition and offset. */
    private final Map<String, Side> processed = new ConcurrentHashMap<>();

    private final Map<String, Long> lastOffset = new ConcurrentHashMap<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final Future<Integer> produced;
    private volatile boolean going = true;

    /**
     * Begins.
     *
     * @param partitions how many the topic has
     * @param members the proxies, of which each poll goes through another; may change
     */
    ChangeTraffic(Map<String, Object> cluster, IntSupplier partitions, List<MeshMember> members) {
        this.cluster = cluster;
        this.partitions = partitions;
        this.members = members;
        produced = threads.submit(this::produce);
        for (Side side : Side.values()) {
            consumers.add(threads.submit(() -> consume(side)));
        }
    }

    /** What is wished for the canary. */
    static CanaryPlan plan(String weight) {
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

    /** Whether a proxy serves by this weight. */
    static boolean serves(MeshMember member, String weight) {
        var table = member.serving(CANARY);
        return table != null && table.weight().equals(Weight.parse(weight));
    }

    /** All that is in the log of changes. */
    static List<ChangeEvent> log(Map<String, Object> cluster) {
        TopicPartition partition = ChangeTopics.LOG_PARTITION;
        List<ChangeEvent> events = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> log = new ClientSettings(() -> cluster, "test").reader(partition)) {
            long end = log.endOffsets(List.of(partition)).get(partition);
            while (log.position(partition) < end) {
                log.poll(Duration.ofMillis(100)).forEach(record -> events.add(ChangeMessages.event(record.value())));
            }
        }
        return events;
    }

    /** Until every proxy serves by it, and has done a little work. */
    void changed(String weight) {
        await().atMost(SOON).until(() -> members.stream().allMatch(member -> serves(member, weight)));
        goesOn();
    }

    /** Until some more records are processed. */
    void goesOn() {
        int before = processed.size();
        await().atMost(SOON).until(() -> processed.size() >= before + SOME);
    }

    /** Whether any record of this partition is processed. */
    boolean reached(int partition) {
        return processed.keySet().stream().anyMatch(place -> place.startsWith(partition + "/"));
    }

    /** Produces no more, and waits until all is processed: each record by one side, and those of a key in their order. */
    void finish() throws Exception {
        going = false;
        int records = produced.get(SOON.toSeconds(), TimeUnit.SECONDS);
        for (Future<?> consumer : consumers) {
            consumer.get(2 * SOON.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(broken).isEmpty();
        assertThat(processed).hasSize(records);
        assertThat(processed.values()).contains(Side.values());
    }

    private int produce() throws Exception {
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        cluster.get("bootstrap.servers"),
                        "linger.ms",
                        0,
                        "metadata.max.age.ms",
                        500),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            while (going) {
                byte[] key = sent % 10 == 0 ? null : ("customer-" + sent % KEYS).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, key, new byte[20]))
                        .get(); // as fast as one after the other goes
                sent++;
            }
        }
        return sent;
    }

    private Void consume(Side side) throws Exception {
        String bootstrap = (String) cluster.get("bootstrap.servers");
        try (SideConsumer consumer =
                new SideConsumer(bootstrap, side, plan("0%"), partitions, members, this::processed)) {
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

    @Override
    public void close() {
        going = false;
        threads.shutdownNow();
        await().atMost(SOON).until(threads::isTerminated);
    }
}
