package dev.weir.canary.kafka;

import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.RolloutEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at canaries and tells their controller commands, for people: follows the log of changes on a thread of its own. The answer to a command is
 * an event in the log; until it is there the command is sent again, since a controller that comes new into office has not seen it.
 */
public final class CanaryWatch implements AutoCloseable {
    /** How long an answer may take: longer than it takes until a controller that died is replaced. */
    public static final Duration ANSWER = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(CanaryWatch.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 10_000;

    private final ClientSettings clients;
    private final FollowerThread thread;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();
    private volatile Map<String, WatchedCanary> canaries = Map.of();
    private volatile long writtenMillis = -1;

    private static final class Asked {
        private final Command command;
        private final CompletableFuture<RolloutEvent> answer = new CompletableFuture<>();
        private long sentNanos;
        private boolean sent;

        Asked(Command command) {
            this.command = command;
        }
    }

    private CanaryWatch(Supplier<? extends Map<String, ?>> cluster, String name) {
        this.clients = new ClientSettings(cluster, "weir-canary-watch-" + name);
        this.thread = new FollowerThread(
                "weir-canary-watch",
                this::follow,
                cause -> LOG.atWarn().setCause(cause).log("canaries cannot be watched; trying again"),
                () -> {},
                PAUSE_MILLIS,
                CLOSE_MILLIS);
    }

    /**
     * Begins to follow the log.
     *
     * @param cluster settings of Kafka clients by which the cluster is reached; asked each time that clients are made
     * @param name for logs
     */
    public static CanaryWatch start(Supplier<? extends Map<String, ?>> cluster, String name) {
        CanaryWatch watch = new CanaryWatch(cluster, name);
        watch.thread.start();
        return watch;
    }

    /** All that there ever was an event of, by name; while Kafka cannot be reached, as it was before. Any thread; asks nobody. */
    public Map<String, WatchedCanary> canaries() {
        return canaries;
    }

    /** What the log says of each of them now, by name. Any thread; asks nobody. */
    public Map<String, CanaryState> states() {
        Map<String, CanaryState> states = new HashMap<>();
        canaries.forEach((name, watched) -> states.put(name, watched.state()));
        return states;
    }

    /** When the newest event was written, which is every second while there are proxies and a controller; -1 for never. */
    public long writtenMillis() {
        return writtenMillis;
    }

    /**
     * Tells the controller a command. Any thread.
     *
     * @return what became of it; fails with a {@link java.util.concurrent.TimeoutException} when no controller answers
     */
    public CompletableFuture<RolloutEvent> tell(Command command) {
        Asked question = new Asked(command);
        asked.put(command.id(), question);
        return question.answer
                .orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> asked.remove(command.id()));
    }

    private void follow(FollowerThread follower) throws InterruptedException {
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            ChangeTopics.create(admin);
        }
        try (KafkaConsumer<byte[], byte[]> log = clients.reader(ChangeTopics.LOG_PARTITION);
                KafkaProducer<byte[], byte[]> inbox =
                        clients.producer(Map.of("linger.ms", 0, "max.block.ms", PAUSE_MILLIS))) {
            follower.reading(log);
            long end = log.endOffsets(List.of(ChangeTopics.LOG_PARTITION)).getOrDefault(ChangeTopics.LOG_PARTITION, 0L);
            ChangeLog read = new ChangeLog();
            Map<String, WatchedCanary> watched = new HashMap<>();
            List<RolloutEvent> answers = new ArrayList<>();
            boolean changed = true;
            while (!follower.isClosing()) {
                for (ConsumerRecord<byte[], byte[]> record : log.poll(POLL)) {
                    ChangeEvent event = ChangeMessages.event(record.value());
                    read.apply(event);
                    changed |= see(event, record.timestamp(), read, watched);
                    if (event instanceof ChangeEvent.OfRollout ofRollout) {
                        answers.add(ofRollout.event());
                    }
                    writtenMillis = record.timestamp();
                }
                if (log.position(ChangeTopics.LOG_PARTITION) >= end) { // what is half read is no picture
                    if (changed) {
                        canaries = Map.copyOf(watched);
                        changed = false;
                    }
                    answers.forEach(this::answer); // who is answered finds it so
                    answers.clear();
                    send(inbox);
                }
            }
        } finally {
            follower.reading(null);
        }
    }

    private static boolean see(ChangeEvent event, long atMillis, ChangeLog read, Map<String, WatchedCanary> watched) {
        if (event instanceof ChangeEvent.OfCanary ofCanary) {
            WatchedCanary before = watched.getOrDefault(ofCanary.canary(), WatchedCanary.NEW);
            WatchedCanary next = before.in(read.of(ofCanary.canary()));
            watched.put(
                    ofCanary.canary(),
                    event instanceof ChangeEvent.Committed committed
                            ? next.with(atMillis, committed.table().weight())
                            : next);
            return true;
        }
        if (event instanceof ChangeEvent.OfRollout ofRollout) {
            RolloutEvent rolled = ofRollout.event();
            watched.put(
                    rolled.canary(),
                    watched.getOrDefault(rolled.canary(), WatchedCanary.NEW)
                            .with(rolled, read.rollouts().of(rolled.canary()).state()));
            return true;
        }
        return false;
    }

    private void answer(RolloutEvent event) {
        Asked question = null;
        if (event instanceof RolloutEvent.Obeyed obeyed) {
            question = asked.remove(obeyed.command().id());
        } else if (event instanceof RolloutEvent.Refused refused) {
            question = asked.remove(refused.command().id());
        }
        if (question != null) {
            question.answer.complete(event);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> inbox) {
        long now = System.nanoTime();
        for (Asked question : asked.values()) {
            if (!question.sent || now - question.sentNanos >= AGAIN_NANOS) {
                question.sent = true;
                question.sentNanos = now;
                inbox.send(new ProducerRecord<>(ChangeTopics.BEATS, RolloutMessages.bytes(question.command)));
            }
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
