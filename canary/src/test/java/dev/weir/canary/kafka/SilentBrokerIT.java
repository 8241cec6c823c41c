package dev.weir.canary.kafka;

import static dev.weir.canary.kafka.ChangeTraffic.CANARY;
import static dev.weir.canary.kafka.ChangeTraffic.SOON;
import static dev.weir.canary.kafka.ChangeTraffic.TOPIC;
import static dev.weir.canary.kafka.ChangeTraffic.plan;
import static org.awaitility.Awaitility.await;

import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.rollout.Measuring;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A broker that takes a controller's question and does not answer it, as one does whose machine hangs. Only the controller reaches it through a
 * relay; proxies and clients do not. On a real Kafka, with a ledger of every record.
 */
class SilentBrokerIT {
    private static final int PARTITIONS = 3;
    private static final int ANSWERS = 5;
    private static final String RELAYED = "RELAYED";
    /** As they are by default, but for more beats. */
    private static final ChangeTimes TIMES = new ChangeTimes(
            ChangeTimes.DEFAULT.leaseNanos(),
            ChangeTimes.DEFAULT.marginNanos(),
            TimeUnit.MILLISECONDS.toNanos(200),
            ChangeTimes.DEFAULT.changeNanos(),
            ChangeTimes.DEFAULT.drainPollNanos());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicReference<CanaryPlan> wanted = new AtomicReference<>(plan("0%"));
    private final AtomicInteger heard = new AtomicInteger();
    private Relay relay;
    private Map<String, Object> cluster;
    private ChangeTraffic traffic;

    @BeforeEach
    void start() throws Exception {
        relay = opened(new Relay());
        EmbeddedKafka kafka = opened(EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(ClientListener.plaintext(RELAYED).withAdvertisedFirstPort(relay.port()))
                .start());
        relay.start(kafka.port(1, RELAYED));
        kafka.createTopic(TOPIC, PARTITIONS);
        cluster = Map.of("bootstrap.servers", kafka.bootstrap("PLAINTEXT"));
        MeshMember one = opened(MeshMember.start(() -> cluster, "one", TIMES, heard::incrementAndGet));
        MeshMember another = opened(MeshMember.start(() -> cluster, "another", TIMES, () -> {}));
        Map<String, Object> relayed = Map.of("bootstrap.servers", "127.0.0.1:" + relay.port());
        opened(ControllerNode.start(() -> relayed, "only", TIMES, () -> List.of(wanted.get()), Measuring.NONE));
        await().atMost(SOON).until(() -> one.serving(CANARY) != null && another.serving(CANARY) != null);
        traffic = opened(new ChangeTraffic(cluster, () -> PARTITIONS, List.of(one, another)));
        wanted.set(plan("10%"));
        traffic.changed("10%");
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Test
    void aChangeIsGivenUpWhereABrokerDoesNotTellWhereItsPartitionsEnd() throws Exception {
        relay.holdAnswersTo(ApiKeys.LIST_OFFSETS);
        wanted.set(plan("60%"));
        await().atMost(SOON).until(() -> ChangeTraffic.log(cluster).stream().anyMatch(SilentBrokerIT::isGivenUp));
        relay.release();
        traffic.changed("60%");
        traffic.finish();
    }

    @Test
    void proxiesAreAnsweredWhileABrokerDoesNotTellWhatIsCommitted() throws Exception {
        relay.holdAnswersTo(ApiKeys.OFFSET_FETCH);
        wanted.set(plan("60%"));
        await().atMost(SOON).until(() -> ChangeTraffic.log(cluster).stream().anyMatch(SilentBrokerIT::isInForce));
        int before = heard.get();
        await().atMost(SOON).until(() -> heard.get() >= before + ANSWERS);
        relay.release();
        traffic.changed("60%");
        traffic.finish();
    }

    private static boolean isGivenUp(ChangeEvent event) {
        return event instanceof ChangeEvent.Aborted;
    }

    private static boolean isInForce(ChangeEvent event) {
        return event instanceof ChangeEvent.Committed committed
                && committed.table().weight().equals(Weight.parse("60%"));
    }

    private <T extends AutoCloseable> T opened(T opened) {
        open.push(opened);
        return opened;
    }
}
