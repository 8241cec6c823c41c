package dev.weir.canary.kafka;

import dev.weir.canary.EpochTable;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.ProxyMember;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy's end of the protocol: follows the log of changes and sends beats, on a thread of its own. As long as Kafka cannot be
 * reached nothing of a canary is served, once the lease is over; when it can again, it begins anew by itself.
 */
public final class MeshMember implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshMember.class);
    private static final TopicPartition LOG_PARTITION = new TopicPartition(ChangeTopics.LOG, 0);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 10_000;

    private final ClientSettings clients;
    private final String proxy;
    private final ChangeTimes times;
    private final FollowerThread thread;
    private volatile ProxyMember member;
    private volatile long lastHoldNanos;
    private final Map<String, Long> holdingSince = new HashMap<>();

    private MeshMember(Map<String, ?> cluster, String proxy, ChangeTimes times) {
        this.clients = new ClientSettings(cluster, "weir-canary-" + proxy);
        this.proxy = proxy;
        this.times = times;
        this.member = fresh();
        this.thread = new FollowerThread(
                "weir-canary-member", this::follow, this::failed, this::ended, PAUSE_MILLIS, CLOSE_MILLIS);
    }

    /**
     * Begins to follow the log.
     *
     * @param cluster settings of Kafka clients by which the cluster is reached
     * @param proxy the proxy's name, for whoever reads the log
     */
    public static MeshMember start(Map<String, ?> cluster, String proxy, ChangeTimes times) {
        MeshMember member = new MeshMember(cluster, proxy, times);
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

    /** For how long the last change held fetches back that this proxy has seen from its beginning to its end. */
    public Duration lastHold() {
        return Duration.ofNanos(lastHoldNanos);
    }

    private ProxyMember fresh() {
        return new ProxyMember(proxy + "/" + UUID.randomUUID(), times);
    }

    private void failed(RuntimeException cause) {
        if (cause instanceof UnknownEventException) {
            LOG.atError()
                    .addKeyValue("proxy", proxy)
                    .setCause(cause)
                    .log("nothing of canaries is served: the log of changes was written by a newer version");
        } else {
            LOG.atWarn()
                    .addKeyValue("proxy", proxy)
                    .setCause(cause)
                    .log("the log of canary changes cannot be followed; trying again");
        }
    }

    private void ended() {
        member = fresh(); // knows nothing, so serves nothing
        holdingSince.clear();
    }

    /** Until it is closed, or counted out. */
    private void follow(FollowerThread follower) throws InterruptedException {
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            ChangeTopics.create(admin);
        }
        try (KafkaConsumer<byte[], byte[]> log = clients.logReader();
                KafkaProducer<byte[], byte[]> beats =
                        clients.producer(Map.of("linger.ms", 0, "max.block.ms", PAUSE_MILLIS))) {
            follower.reading(log);
            log.assign(List.of(LOG_PARTITION));
            log.seekToBeginning(List.of(LOG_PARTITION));
            long beatAt = System.nanoTime();
            while (!follower.isClosing() && !member.isEvicted()) {
                long wait = Math.max(0, beatAt - System.nanoTime());
                boolean awaited = false;
                for (ConsumerRecord<byte[], byte[]> record : log.poll(Duration.ofNanos(wait))) {
                    ChangeEvent event = ChangeMessages.event(record.value());
                    awaited |= member.apply(event);
                    measure(event);
                }
                long now = System.nanoTime();
                if (awaited || now - beatAt >= 0) {
                    beats.send(new ProducerRecord<>(ChangeTopics.BEATS, ChangeMessages.bytes(member.beat(now))));
                    beatAt = now + times.beatNanos();
                }
            }
        } finally {
            follower.reading(null);
        }
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

    @Override
    public void close() {
        thread.close();
    }
}
