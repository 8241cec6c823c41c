package dev.weir.canary.kafka;

import static dev.weir.canary.kafka.ChangeTraffic.CANARY;
import static dev.weir.canary.kafka.ChangeTraffic.SOON;
import static dev.weir.canary.kafka.ChangeTraffic.TIMES;
import static dev.weir.canary.kafka.ChangeTraffic.TOPIC;
import static dev.weir.canary.kafka.ChangeTraffic.plan;
import static dev.weir.canary.kafka.ChangeTraffic.serves;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.rollout.Measuring;
import dev.weir.kafka.ClientListener;
import dev.weir.kafka.EmbeddedKafka;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A proxy's end that hears late of a change, or not at all, or ends without goodbye in the middle of it. It reaches Kafka through a relay; its two
 * neighbours, the controller and all clients do not. On a real Kafka, with a ledger of every record.
 */
class LostMemberIT {
    private static final int PARTITIONS = 3;
    private static final String RELAYED = "RELAYED";
    private static final String LOST = "lost";
    private static final int ANSWERS = 5;

    /** Nobody is counted out who is only late, however busy the machine is. */
    private static final ChangeTimes PATIENT = new ChangeTimes(
            TIMES.leaseNanos(), SOON.toNanos(), TIMES.beatNanos(), TIMES.changeNanos(), TIMES.drainPollNanos());

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicReference<CanaryPlan> wanted = new AtomicReference<>(plan("0%"));
    private final List<MeshMember> members = new CopyOnWriteArrayList<>();
    private final AtomicInteger heardByNeighbour = new AtomicInteger();
    private ChangeTimes times = TIMES;
    private Relay relay;
    private Map<String, Object> cluster;
    private MeshMember neighbour;
    private MeshMember lost;
    private ChangeTraffic traffic;

    private void start(ChangeTimes times) throws Exception {
        this.times = times;
        relay = opened(new Relay());
        EmbeddedKafka kafka = opened(EmbeddedKafka.builder()
                .listener(ClientListener.plaintext("PLAINTEXT"))
                .listener(ClientListener.plaintext(RELAYED).withAdvertisedFirstPort(relay.port()))
                .start());
        relay.start(kafka.port(1, RELAYED));
        kafka.createTopic(TOPIC, PARTITIONS);
        cluster = Map.of("bootstrap.servers", kafka.bootstrap("PLAINTEXT"));
        neighbour = member("neighbour", cluster, heardByNeighbour::incrementAndGet);
        member("another", cluster, () -> {});
        lost = member(LOST, Map.of("bootstrap.servers", "127.0.0.1:" + relay.port()), () -> {});
        opened(ControllerNode.start(() -> cluster, "only", times, () -> List.of(wanted.get()), Measuring.NONE));
        await().atMost(SOON).until(() -> members.stream().allMatch(member -> member.serving(CANARY) != null));
        traffic = opened(new ChangeTraffic(cluster, () -> PARTITIONS, members));
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
    void aChangeWaitsForAProxyThatHearsOfItLate() throws Exception {
        start(PATIENT);
        relay.hold();
        wanted.set(plan("60%"));
        awaitHolding();
        int before = heardByNeighbour.get();
        await().atMost(SOON).until(() -> heardByNeighbour.get() >= before + ANSWERS);
        relay.release();
        traffic.changed("60%");
        traffic.finish();

        List<ChangeEvent> log = ChangeTraffic.log(cluster);
        List<ChangeEvent> meanwhile =
                log.subList(first(log, LostMemberIT::isPrepared), first(log, LostMemberIT::isCommitted));
        assertThat(meanwhile)
                .filteredOn(ChangeEvent.Granted.class::isInstance)
                .as("the others were answered, and it was waited for")
                .hasSizeGreaterThanOrEqualTo(ANSWERS);
        assertThat(log).noneMatch(LostMemberIT::isCountedOut);
    }

    @Test
    void aProxyThatHearsNothingServesNothingAfterItsLeaseAndCatchesUp() throws Exception {
        start(TIMES);
        relay.hold();
        long heldNanos = System.nanoTime();
        wanted.set(plan("60%"));
        await().atMost(SOON).until(() -> {
            assertServesNothingAfterItsLease(heldNanos);
            return members.stream().filter(member -> member != lost).allMatch(member -> serves(member, "60%"));
        });
        traffic.goesOn();
        assertServesNothingAfterItsLease(heldNanos);
        assertThat(System.nanoTime() - heldNanos)
                .as("the others waited for that")
                .isGreaterThan(times.leaseNanos());

        relay.release();
        traffic.changed("60%");
        wanted.set(plan("30%"));
        traffic.changed("30%");
        traffic.finish();
        assertCountedOutBeforeTheChange();
    }

    @Test
    void aProxyThatEndsWithoutGoodbyeIsWaitedForUntilItIsCountedOut() throws Exception {
        start(TIMES);
        relay.hold();
        wanted.set(plan("60%"));
        awaitHolding();
        relay.cut();
        members.remove(lost);
        lost.close(); // its goodbye reaches nobody
        traffic.changed("60%");
        wanted.set(plan("30%"));
        traffic.changed("30%");
        traffic.finish();
        assertCountedOutBeforeTheChange();
        assertThat(ChangeTraffic.log(cluster))
                .noneMatch(event -> event instanceof ChangeEvent.Left left && isLost(left.proxy()));
    }

    /** Until the change has begun; it goes no further as long as the one proxy neither answers nor is counted out. */
    private void awaitHolding() {
        await().atMost(SOON).until(() -> {
            CanaryState state = neighbour.state(CANARY);
            return state != null && state.pending() != null;
        });
    }

    /** Whatever it last heard answers a beat from before it heard nothing any more. */
    private void assertServesNothingAfterItsLease(long heldNanos) {
        boolean over = System.nanoTime() - heldNanos >= times.leaseNanos();
        boolean serves = lost.serving(CANARY) != null;
        assertThat(over && serves).as("serves after its lease").isFalse();
    }

    private void assertCountedOutBeforeTheChange() {
        List<ChangeEvent> log = ChangeTraffic.log(cluster);
        int countedOut = first(log, LostMemberIT::isCountedOut);
        assertThat(countedOut)
                .isGreaterThan(first(log, LostMemberIT::isPrepared))
                .isLessThan(first(log, LostMemberIT::isCommitted));
    }

    private static int first(List<ChangeEvent> log, Predicate<ChangeEvent> wanted) {
        ChangeEvent found = log.stream().filter(wanted).findFirst().orElseThrow();
        return log.indexOf(found);
    }

    private static boolean isPrepared(ChangeEvent event) {
        return event instanceof ChangeEvent.Prepared prepared
                && prepared.weight().equals(Weight.parse("60%"));
    }

    private static boolean isCommitted(ChangeEvent event) {
        return event instanceof ChangeEvent.Committed committed
                && committed.table().weight().equals(Weight.parse("60%"));
    }

    private static boolean isCountedOut(ChangeEvent event) {
        return event instanceof ChangeEvent.Evicted evicted && isLost(evicted.proxy());
    }

    private static boolean isLost(String proxy) {
        return proxy.startsWith(LOST + "/");
    }

    private MeshMember member(String name, Map<String, Object> reached, Runnable heard) {
        MeshMember member = opened(MeshMember.start(() -> reached, name, times, heard));
        members.add(member);
        return member;
    }

    private <T extends AutoCloseable> T opened(T opened) {
        open.push(opened);
        return opened;
    }
}
