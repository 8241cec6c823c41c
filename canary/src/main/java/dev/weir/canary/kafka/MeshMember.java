package dev.weir.canary.kafka;

import dev.weir.canary.EpochTable;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.change.Beat;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.ProxyMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy's end of the protocol: follows the log of changes and sends beats, on a thread of its own. As long as Kafka cannot be
 * reached nothing of a canary is served, once the lease is over; when it can again, it begins anew by itself.
 */
public final class MeshMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshMember.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 10_000;
    private static final Duration LOOK_MAX = Duration.ofSeconds(5);
    private static final String READ = "describe or read";
    private static final Duration GOODBYE_MAX = Duration.ofSeconds(2);

    private final ClientSettings clients;
    private final String proxy;
    private final ChangeTimes times;
    private final FollowerThread thread;
    private volatile ProxyMember member;
    private volatile long lastHoldNanos;
    private final Map<String, Long> holdingSince = new HashMap<>();
    private final Runnable changed;
    private final Trouble following = new Trouble(
            LOG, ChangeTopics.LOG, "the log of canary changes cannot be followed, so nothing of canaries is served");
    private final Trouble beating = new Trouble(
            LOG,
            ChangeTopics.BEATS,
            "this proxy cannot tell the controller of canaries that it is there, so nothing of canaries is served");
    /** What is done now needs it. */
    private volatile String right = READ;
    /** Whether all has been read that was in the log when it began to be followed. */
    private volatile boolean read;
    /** The number of the last partition that was served, by topic. */
    private final Map<String, AtomicInteger> served = new ConcurrentHashMap<>();

    private MeshMember(Supplier<? extends Map<String, ?>> cluster, String proxy, ChangeTimes times, Runnable changed) {
        this.clients = new ClientSettings(cluster, "weir-canary-" + proxy);
        this.proxy = proxy;
        this.times = times;
        this.changed = changed;
        this.member = fresh();
        this.thread = new FollowerThread(
                "weir-canary-member",
                this::follow,
                cause -> following.is(cause, right),
                this::ended,
                PAUSE_MILLIS,
                CLOSE_MILLIS);
    }

    /**
     * Begins to follow the log.
     *
     * @param cluster settings of Kafka clients by which the cluster is reached; asked each time that clients are made
     * @param proxy the proxy's name, for whoever reads the log
     * @param changed called after each event of the log, and each time that it is followed anew: what could not be served before perhaps
     *     can now. On this member's thread, so it should not take long.
     */
    public static MeshMember start(
            Supplier<? extends Map<String, ?>> cluster, String proxy, ChangeTimes times, Runnable changed) {
        MeshMember member = new MeshMember(cluster, proxy, times, changed);
        member.thread.start();
        return member;
    }

    /**
     * By which table a response may go down that <em>has come</em> from the broker. Any thread; asks nobody.
     *
     * @return {@code null} when nothing of the canary's topics may be served now
     */
    public @Nullable EpochTable serving(String canary) {
        return member.serving(canary, System.nanoTime());
    }

    /**
     * What is known of a canary: among it, what it shares, and where its group begins. Any thread; asks nobody.
     *
     * @return {@code null} when that may not be all that there is to know
     */
    public @Nullable CanaryState state(String canary) {
        return member.state(canary, System.nanoTime());
    }

    /**
     * All canaries that the log says anything of, by name. Any thread; asks nobody.
     *
     * @return {@code null} when that may not be all that there is to know
     */
    public @Nullable Map<String, CanaryState> states() {
        return member.states(System.nanoTime());
    }

    /**
     * The same, whether or not anything may be served by it: enough to know who belongs to which canary. Any thread; asks nobody.
     *
     * @return {@code null} until all has been read that was there
     */
    public @Nullable Map<String, CanaryState> logged() {
        return read ? member.logged() : null;
    }

    /** What does not work now. Any thread. */
    public List<TopicProblem> problems() {
        return Stream.of(following.now(), beating.now())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whether members of the canary's group may come: it is known where it begins. Any thread; asks nobody. */
    public boolean isSeeded(String canary) {
        CanaryState state = state(canary);
        return state != null && state.isSeeded();
    }

    /**
     * Where a member of the canary's group begins that finds nothing committed. Any thread; asks nobody.
     *
     * @return -1 when that is not known now
     */
    public long seed(String canary, PartitionRef partition) {
        CanaryState state = state(canary);
        return state == null || !state.isSeeded() ? -1 : state.seed(partition);
    }

    /**
     * Tells that a partition of a canary's topic is about to be served, <em>before</em> {@link #serving} is asked: no fence may leave it
     * out then. Any thread; cheap.
     */
    public void served(String topic, int partition) {
        AtomicInteger last = served.get(topic);
        if (last == null) {
            last = served.computeIfAbsent(topic, name -> new AtomicInteger(-1));
        }
        if (last.get() < partition) {
            last.accumulateAndGet(partition, Math::max);
        }
    }

    /** For how long the last change held fetches back that this proxy has seen from its beginning to its end. */
    public Duration lastHold() {
        return Duration.ofNanos(lastHoldNanos);
    }

    private ProxyMember fresh() {
        return new ProxyMember(proxy + "/" + UUID.randomUUID(), times);
    }

    private void ended() {
        read = false;
        member = fresh(); // knows nothing, so serves nothing
        holdingSince.clear();
        tell();
    }

    private void tell() {
        try {
            changed.run();
        } catch (RuntimeException e) { // its own affair: the log is followed all the same
            LOG.atError().addKeyValue("proxy", proxy).setCause(e).log("telling of a canary's change failed");
        }
    }

    private Map<String, Integer> partitions() {
        Map<String, Integer> counts = new HashMap<>();
        served.forEach((topic, last) -> counts.put(topic, last.get() + 1));
        return counts;
    }

    /** Until it is closed, or counted out. */
    private void follow(FollowerThread follower) throws InterruptedException {
        right = "create (or, if it is there, describe)";
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            ChangeTopics.create(admin);
        }
        right = READ;
        try (KafkaConsumer<byte[], byte[]> log = clients.reader(ChangeTopics.LOG_PARTITION);
                KafkaProducer<byte[], byte[]> beats =
                        clients.producer(Map.of("linger.ms", 0, "max.block.ms", PAUSE_MILLIS))) {
            follower.reading(log);
            try {
                follow(follower, log, beats);
            } catch (WakeupException e) {
                if (!follower.isClosing()) {
                    throw e;
                }
            }
            if (!member.isEvicted()) {
                leave(beats);
            }
        } finally {
            follower.reading(null);
        }
    }

    private void follow(
            FollowerThread follower, KafkaConsumer<byte[], byte[]> log, KafkaProducer<byte[], byte[]> beats) {
        long beatAt = System.nanoTime();
        long end = log.endOffsets(List.of(ChangeTopics.LOG_PARTITION), LOOK_MAX)
                .getOrDefault(ChangeTopics.LOG_PARTITION, 0L);
        int sent = 0;
        while (!follower.isClosing() && !member.isEvicted()) {
            long wait = Math.max(0, beatAt - System.nanoTime());
            boolean awaited = false;
            for (ConsumerRecord<byte[], byte[]> record : log.poll(Duration.ofNanos(wait))) {
                ChangeEvent event = ChangeMessages.event(record.value());
                awaited |= member.apply(event);
                measure(event);
                tell();
            }
            if (!read && log.position(ChangeTopics.LOG_PARTITION, LOOK_MAX) >= end) {
                read = true;
                tell();
            }
            long now = System.nanoTime();
            if (awaited || now - beatAt >= 0) {
                send(beats, member.beat(now, this::partitions));
                beatAt = now + times.beatNanos();
                if (read && ++sent > 1) {
                    following.over(); // whoever may not read is told so by the first fetch, long before
                }
            }
        }
    }

    /** Says goodbye: a change need not wait until the lease is over. */
    private void leave(KafkaProducer<byte[], byte[]> beats) {
        send(beats, member.leave(this::partitions));
        beats.close(GOODBYE_MAX);
    }

    private void send(KafkaProducer<byte[], byte[]> beats, Beat beat) {
        beats.send(new ProducerRecord<>(ChangeTopics.BEATS, ChangeMessages.bytes(beat)), (written, failure) -> {
            if (failure == null) {
                beating.over();
            } else {
                beating.is(failure, "write to");
            }
        });
    }

    private void measure(ChangeEvent event) {
        long now = System.nanoTime();
        if (event instanceof ChangeEvent.Prepared prepared) {
            holdingSince.put(prepared.canary(), now);
        } else if (event instanceof ChangeEvent.OfCanary ofCanary) {
            Long since = holdingSince.remove(ofCanary.canary());
            if (since != null) {
                lastHoldNanos = now - since;
            }
        }
    }

    /** Serves nothing any more, and tells the controller so. To be closed after the last response that it was asked about. */
    @Override
    public void close() {
        thread.close();
    }
}
