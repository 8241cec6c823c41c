package dev.weir.canary.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.MemberSeen;
import dev.weir.canary.member.RollCall;
import dev.weir.mesh.canary.v1.MemberSign;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other proxies which clients are in groups, and hears it from them, on a thread of its own: a few records for each client in an
 * hour. As long as Kafka cannot be reached nobody is taken for absent.
 */
public final class MemberLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLog.class);
    private static final TopicPartition PARTITION = new TopicPartition(ChangeTopics.MEMBERS, 0);
    /** After which others are told of a new client at the latest; what they tell is heard at once. */
    private static final Duration POLL = Duration.ofMillis(200);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
    private static final Duration LOOK_MAX = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 10_000;

    private static final String READ = "describe or read";

    private final ClientSettings clients;
    private final RollCall roll;
    private final Trouble hearing = new Trouble(
            LOG,
            ChangeTopics.MEMBERS,
            "who is in the groups of canaries is not heard, so whoever is not known yet waits without records");
    private final Trouble telling = new Trouble(
            LOG,
            ChangeTopics.MEMBERS,
            "other proxies are not told who is in the groups of canaries, and let them wait");
    private final FollowerThread thread;
    /** What is done now needs it. */
    private volatile String right = READ;

    private MemberLog(ClientSettings clients, RollCall roll) {
        this.clients = clients;
        this.roll = roll;
        this.thread = new FollowerThread(
                "weir-canary-members",
                this::follow,
                cause -> hearing.is(cause, right),
                () -> {},
                PAUSE_MILLIS,
                CLOSE_MILLIS);
    }

    /**
     * Begins to tell and to hear.
     *
     * @param cluster settings of Kafka clients by which the cluster is reached; asked each time that clients are made
     * @param proxy the proxy's name, for logs
     */
    public static MemberLog start(Supplier<? extends Map<String, ?>> cluster, String proxy, RollCall roll) {
        MemberLog log = of(new ClientSettings(cluster, "weir-canary-members-" + proxy), roll);
        log.start();
        return log;
    }

    /** Makes one that does nothing yet. */
    static MemberLog of(ClientSettings clients, RollCall roll) {
        return new MemberLog(clients, roll);
    }

    void start() {
        thread.start();
    }

    /** What does not work now. Any thread. */
    public List<TopicProblem> problems() {
        return Stream.of(hearing.now(), telling.now()).flatMap(Optional::stream).toList();
    }

    private void follow(FollowerThread follower) throws InterruptedException {
        right = "create (or, if it is there, describe)";
        try (Admin admin = Admin.create(clients.with(Map.of()))) {
            ChangeTopics.create(admin);
        }
        right = READ;
        try (KafkaConsumer<byte[], byte[]> members = clients.reader(PARTITION);
                KafkaProducer<byte[], byte[]> signs =
                        clients.producer(Map.of("linger.ms", 0, "max.block.ms", PAUSE_MILLIS))) {
            follower.reading(members);
            try {
                follow(follower, members, signs);
            } finally {
                signs.close(CLOSE_MAX);
            }
        } finally {
            follower.reading(null);
        }
    }

    private void follow(
            FollowerThread follower, KafkaConsumer<byte[], byte[]> members, KafkaProducer<byte[], byte[]> signs) {
        long lookAt = System.nanoTime();
        long lookedAt = lookAt;
        long end = Long.MAX_VALUE;
        int looks = 0;
        while (!follower.isClosing()) {
            roll.untold().forEach(sign -> tell(sign, signs));
            members.poll(POLL).forEach(this::hear);
            long now = System.nanoTime();
            if (now - lookAt >= 0) {
                end = members.endOffsets(List.of(PARTITION), LOOK_MAX).getOrDefault(PARTITION, Long.MAX_VALUE);
                lookedAt = now; // before it was asked: all that was told until then is before the end
                lookAt = now + LOOK_NANOS;
                if (++looks > 1) {
                    hearing.over(); // whoever may not read is told so by the first fetch, long before
                }
            }
            if (members.position(PARTITION, LOOK_MAX) >= end) {
                roll.readUntil(lookedAt);
            }
        }
    }

    private void tell(MemberSeen seen, KafkaProducer<byte[], byte[]> signs) {
        GroupClient client = seen.client();
        byte[] sign = MemberSign.newBuilder()
                .setService(client.service())
                .setClientId(client.clientId())
                .setGroup(client.group())
                .setMemberId(seen.memberId())
                .build()
                .toByteArray();
        signs.send(new ProducerRecord<>(ChangeTopics.MEMBERS, sign), (written, failure) -> {
            if (failure == null) {
                telling.over();
            } else {
                roll.failed(seen);
                telling.is(failure, "write to");
            }
        });
    }

    private void hear(ConsumerRecord<byte[], byte[]> record) {
        if (System.currentTimeMillis() - record.timestamp() > RollCall.KEPT.toMillis()) {
            return;
        }
        try {
            MemberSign sign = MemberSign.parseFrom(record.value());
            roll.heard(new MemberSeen(
                    new GroupClient(sign.getService(), sign.getClientId(), sign.getGroup()), sign.getMemberId()));
        } catch (InvalidProtocolBufferException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .log("a record in the topic of members is none that can be read");
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
