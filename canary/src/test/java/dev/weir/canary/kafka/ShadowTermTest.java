package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.ChangeTimes;
import dev.weir.canary.change.Controller;
import dev.weir.canary.change.ControllerStep;
import dev.weir.canary.rollout.Command;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measures;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutPlan;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShadowTermTest {
    private static final String CANARY = "dark";
    private static final long LATER = TimeUnit.SECONDS.toNanos(3);
    private static final Scope SHADOW = scope(new Shadow(List.of("receipts")));
    private static final Scope SLICE = scope(null);

    private final Controller controller = new Controller(ChangeTimes.DEFAULT, new ChangeLog(), 0);
    private final NoteTaker notes = new NoteTaker(controller, System.nanoTime());
    private final ShadowTerm term =
            new ShadowTerm(controller.log(), new ClusterOffsets(admin(), Duration.ofSeconds(2)), notes);
    private boolean occupied = true;
    private long nowNanos = System.nanoTime();

    private static Scope scope(Shadow shadow) {
        return new Scope(
                "payments",
                "payments~canary",
                List.of("orders"),
                new Slices(CANARY),
                new Clients("payments", "v1*", List.of()),
                new Clients("payments", "v2*", List.of()),
                shadow);
    }

    private static CanaryPlan plan(Scope scope) {
        return new CanaryPlan(CANARY, scope, RolloutPlan.staying(new Weight(100), Gates.NONE), Handover.ORDERED);
    }

    /** Tells of one group whether somebody is in it, and nothing else. */
    private Admin admin() {
        return (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("describeConsumerGroups");
                    return new DescribeConsumerGroupsResult(
                            Map.of("payments~canary", KafkaFuture.completedFuture(group())));
                });
    }

    private ConsumerGroupDescription group() {
        MemberDescription member = new MemberDescription(
                "m",
                Optional.empty(),
                Optional.empty(),
                "v2-1",
                "/127.0.0.1",
                new MemberAssignment(Set.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new ConsumerGroupDescription(
                "payments~canary",
                true,
                occupied ? List.of(member) : List.of(),
                "range",
                GroupType.CLASSIC,
                occupied ? GroupState.STABLE : GroupState.EMPTY,
                Node.noNode(),
                Set.of(),
                Optional.empty(),
                Optional.empty());
    }

    private List<ChangeEvent> ended(CanaryPlan... plans) throws InterruptedException {
        nowNanos += LATER;
        return term.ended(List.of(plans), nowNanos);
    }

    @BeforeEach
    void seeded() {
        written(List.of(new ChangeEvent.Seeded(CANARY, SHADOW, Map.of(new PartitionRef("orders", 0), 4L))));
    }

    private void written(List<ChangeEvent> events) {
        controller.written(new ControllerStep.Write(events), nowNanos);
    }

    @Test
    void aShadowThatPolicyWantsStays() throws Exception {
        occupied = false;
        assertThat(ended(plan(SHADOW))).isEmpty();
        assertThat(term.isOne(CANARY, SHADOW)).isFalse();
    }

    @Test
    void oneThatNobodyWantsStaysAsLongAsSomebodyIsInItsGroup() throws Exception {
        assertThat(ended()).isEmpty();
        assertThat(ended(plan(SLICE))).isEmpty();
        assertThat(term.isOne(CANARY, SLICE)).isTrue();
        assertThat(notes.next(nowNanos + LATER))
                .singleElement()
                .satisfies(
                        event -> assertThat(((ChangeEvent.Noted) event).note().problem())
                                .contains("clients of its shadow are still there"));

        occupied = false;
        List<ChangeEvent> over = ended(plan(SLICE));
        assertThat(over).containsExactly(new ChangeEvent.Drained(CANARY, 0));
        written(over);
        assertThat(controller.log().of(CANARY).isSeeded()).isFalse();
        assertThat(term.isOne(CANARY, SLICE)).isFalse();
        assertThat(ended(plan(SLICE))).isEmpty();
    }

    @Test
    void nobodyIsAskedWhileAChangeHoldsFetchesBack() throws Exception {
        occupied = false;
        written(List.of(new ChangeEvent.Prepared("other", 1, Weight.NONE, Handover.ORDERED)));
        assertThat(ended()).isEmpty();
    }

    @Test
    void aShadowTakesNoStepsAndNoCommands() {
        RolloutTerm rollouts = new RolloutTerm(controller.log(), (canary, since) -> Measures.NONE);
        assertThat(rollouts.next(List.of(plan(SHADOW)), 0)).isEmpty();
        assertThat(rollouts.wanted(plan(SHADOW))).isEqualTo(Weight.NONE);
        rollouts.hear(new Command("1", CANARY, Command.Action.PROMOTE, Weight.NONE, "ada", ""));
        assertThat(rollouts.next(List.of(plan(SHADOW)), 0))
                .singleElement()
                .satisfies(event -> assertThat(
                                ((RolloutEvent.Refused) ((ChangeEvent.OfRollout) event).event()).reason())
                        .contains("it is a shadow, which has no weight"));
    }
}
