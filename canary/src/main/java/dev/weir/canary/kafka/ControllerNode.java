package dev.weir.canary.kafka;

import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.rollout.Measuring;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A controller of canaries, of which any number may stand by. Kafka chooses the active one: whoever its consumer group gives the only
 * partition of the beats. Should two think so for a moment, the transactional id lets only the later one write.
 */
public final class ControllerNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerNode.class);
    private static final Duration STAND_BY = Duration.ofMillis(200);
    private static final long PAUSE_MILLIS = 500;
    private static final long CLOSE_MILLIS = 20_000;
    /** After which the group gives the partition to another; the shortest that brokers allow unless told otherwise. */
    private static final int SESSION_MILLIS = 6_000;

    private final ClientSettings clients;
    private final String name;
    private final Mandate mandate;
    private final FollowerThread thread;
    private volatile boolean active;

    private ControllerNode(Supplier<? extends Map<String, ?>> cluster, String name, Mandate mandate) {
        this.clients = new ClientSettings(cluster, "weir-canary-controller-" + name);
        this.name = name;
        this.mandate = mandate;
        this.thread = new FollowerThread(
                "weir-canary-controller",
                this::standForElection,
                this::failed,
                () -> active = false,
                PAUSE_MILLIS,
                CLOSE_MILLIS);
    }

    /**
     * Stands for election.
     *
     * @param cluster settings of Kafka clients by which the cluster is reached; asked each time that clients are made
     * @param name for logs
     */
    public static ControllerNode start(Supplier<? extends Map<String, ?>> cluster, String name, Mandate mandate) {
        ControllerNode node = new ControllerNode(cluster, name, mandate);
        node.thread.start();
        return node;
    }

    /** Stands for election, tells nobody what it does, and looks at nobody's members; as {@link Mandate} says of the parameters. */
    public static ControllerNode start(
            Supplier<? extends Map<String, ?>> cluster,
            String name,
            ChangeTimes times,
            Supplier<? extends Collection<CanaryPlan>> plans,
            Measuring measuring) {
        return start(cluster, name, new Mandate(times, plans, measuring, Optional.empty(), event -> {}));
    }

    /** Whether it is the one, as far as it knows. */
    public boolean isActive() {
        return active;
    }

    private void failed(RuntimeException cause) {
        // most often: deposed, or it is not known whether a write succeeded
        LOG.atLevel(cause instanceof KafkaException ? Level.WARN : Level.ERROR)
                .addKeyValue("controller", name)
                .setCause(cause)
                .log(
                        cause instanceof UnknownEventException
                                ? "canaries are not controlled: the log of changes was written by a newer version"
                                : "this controller of canaries begins anew");
    }

    private void standForElection(FollowerThread follower) throws InterruptedException {
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            ChangeTopics.create(admin);
            try (KafkaConsumer<byte[], byte[]> beats = clients.consumer(Map.of(
                    "group.id",
                    ChangeTopics.CONTROLLER_GROUP,
                    "session.timeout.ms",
                    SESSION_MILLIS,
                    "heartbeat.interval.ms",
                    SESSION_MILLIS / 4,
                    "auto.offset.reset",
                    "latest",
                    "enable.auto.commit",
                    "false"))) {
                follower.reading(beats);
                Elected elected = new Elected();
                beats.subscribe(List.of(ChangeTopics.BEATS), elected);
                while (!follower.isClosing()) {
                    var early = beats.poll(STAND_BY);
                    if (elected.now) {
                        LOG.atInfo()
                                .addKeyValue("controller", name)
                                .log("this controller of canaries is the active one");
                        try (ControllerTerm term = ControllerTerm.begin(clients, mandate, admin, beats, early)) {
                            active = true;
                            while (!follower.isClosing() && elected.now) {
                                term.step();
                            }
                        } finally {
                            active = false;
                        }
                    }
                }
            } finally {
                follower.reading(null);
            }
        }
    }

    /** Whether the group has given this node the partition. */
    private static final class Elected implements ConsumerRebalanceListener {
        private boolean now;

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            now |= !partitions.isEmpty();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            now &= partitions.isEmpty();
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
