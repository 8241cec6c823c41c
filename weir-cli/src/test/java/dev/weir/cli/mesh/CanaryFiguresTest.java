package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Epoch;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.Note;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.Figure;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.Measures;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.cli.topology.SampleMesh;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.CanaryPolicy;
import dev.weir.policy.parse.Parsed;
import dev.weir.policy.parse.PolicyFile;
import dev.weir.policy.parse.PolicyParser;
import dev.weir.topology.view.CanaryView;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanaryFiguresTest {
    private static final String DOCUMENTS = """
            apiVersion: weir.dev/v1
            kind: Service
            metadata: {name: payments}
            spec:
              identities: [{sasl: payments}]
              versions: {v1: {clientId: "payments-v1*"}, v2: {clientId: "payments-v2*"}}
            ---
            apiVersion: weir.dev/v1
            kind: TopicAccess
            metadata: {name: orders, owner: team-checkout}
            spec:
              topics: [orders]
              rules:
                - {id: read, allow: [consume], services: [payments], groups: ["payments*"]}
            ---
            apiVersion: weir.dev/v1
            kind: Canary
            metadata: {name: payments-v2}
            spec:
              group: payments-v1
              topics: [orders]
              stable: {service: payments, version: v1}
              canary: {service: payments, version: v2}
              steps: [{weight: 1%, hold: 10m}, {weight: 100%}]
              gates: {timeLag: 30s, errorShare: 1%, deadLetterShare: 0.1%, processingTime: 2s, rebalances: 3, records: 50, onFailure: pause}
            """;

    private static final CanaryPolicy POLICY = policy(DOCUMENTS);
    private static final CanaryPolicy SHADOW = policy(DOCUMENTS
            .substring(0, DOCUMENTS.indexOf("  steps:"))
            .concat("  strategy: shadow\n  redirect: [receipts, alerts]\n"));

    private static final CanaryPolicy WHOLE = policy(DOCUMENTS + "  strategy: partition\n");

    private final MeshView mesh = SampleMesh.view();
    private long givenMillis = -1;
    private boolean caughtUp;
    private final CanaryFigures figures =
            new CanaryFigures(mesh.topology(Moment.NOW), mesh.groups(Moment.NOW), Map.of());

    private static CanaryPolicy policy(String text) {
        Parsed parsed = PolicyParser.parse(List.of(new PolicyFile("p.yaml", text.getBytes(StandardCharsets.UTF_8))));
        assertThat(parsed.problems()).isEmpty();
        return CompiledSnapshot.compile(parsed.policy(), "rev", Instant.EPOCH)
                .canaries()
                .all()
                .get(0);
    }

    @Test
    void stepsAndGatesAreThoseOfPolicy() {
        RolloutPlan plan = CanaryRollouts.plan(POLICY);
        assertThat(plan.text()).isEqualTo("1% PT10M, 100%");
        assertThat(plan.gates())
                .isEqualTo(new Gates(
                        Map.of(
                                Figure.TIME_LAG,
                                30_000.0,
                                Figure.ERROR_SHARE,
                                0.01,
                                Figure.DEAD_LETTER_SHARE,
                                0.001,
                                Figure.PROCESSING_TIME,
                                2_000.0,
                                Figure.REBALANCES,
                                3.0),
                        50,
                        Gates.OnFailure.PAUSE));
    }

    @Test
    void whatTheTopologySawOfAVersionIsKnown() {
        CanaryView.Version stable = figures.version(POLICY, Side.STABLE, SampleMesh.NOW - 60_000);
        assertThat(stable.group()).isEqualTo("payments-v1");
        assertThat(stable.recordsPerSecond()).isEqualTo(4.9);
        assertThat(stable.lagMillis()).isEqualTo(3_200);
        assertThat(stable.errorShare()).isZero();
        assertThat(figures.records(POLICY, Side.STABLE)).isEqualTo(490);
        assertThat(CanaryFigures.known(stable)).containsEntry(Figure.TIME_LAG, 3_200.0);
        assertThat(CanaryFigures.known(stable))
                .as("one of two was before the phase began")
                .containsEntry(Figure.REBALANCES, 1.0);
        assertThat(figures.version(POLICY, Side.STABLE, -1).rebalances()).isEqualTo(2);
    }

    @Test
    void aShadowHasNoWeightAndNoSteps() {
        ChangeLog log = new ChangeLog();
        CanaryView before = CanaryViews.of(SHADOW, null, figures, 0, 7);
        assertThat(before.phase()).isEqualTo(CanaryView.Phase.NEW);
        assertThat(before.reason())
                .isEqualTo(
                        "It reads everything. What it writes to alerts, receipts goes to NAME.shadow, all else is refused.");

        log.apply(new ChangeEvent.Seeded(SHADOW.name(), SHADOW.scope(), Map.of()));
        CanaryView shadow = CanaryViews.of(SHADOW, watched(log), figures, 0, 7);
        assertThat(shadow.phase()).isEqualTo(CanaryView.Phase.SHADOWING);
        assertThat(shadow.weight()).isEqualTo(-1);
        assertThat(shadow.steps()).isEmpty();
        assertThat(shadow.stable().lagMillis()).isEqualTo(3_200);
        assertThat(shadow.controllerMillis()).isEqualTo(7);

        log.apply(new ChangeEvent.Noted(SHADOW.name(), new Note(List.of(), "why", Map.of())));
        assertThat(CanaryViews.of(SHADOW, watched(log), figures, 0, 7).reason()).isEqualTo("why");
    }

    @Test
    void aCanaryOfWholePartitionsShowsWhichItHas() {
        ChangeLog log = new ChangeLog();
        assertThat(CanaryViews.of(WHOLE, null, figures, 0, 7).owned()).isEmpty();
        log.apply(new ChangeEvent.Seeded(WHOLE.name(), WHOLE.scope(), orders(12, 0)));
        assertThat(CanaryViews.of(WHOLE, watched(log), figures, 0, 7).owned())
                .containsExactly(new CanaryView.OwnedPartitions("orders", List.of(), 12));

        log.apply(new ChangeEvent.Committed(
                WHOLE.name(), new Epoch(1, Weight.parse("10%"), Handover.ORDERED, orders(14, 100))));
        CanaryView view = CanaryViews.of(WHOLE, watched(log), figures, 0, 7);
        assertThat(view.strategy()).isEqualTo("partition");
        assertThat(view.owned()).containsExactly(new CanaryView.OwnedPartitions("orders", List.of(0, 5, 13), 14));
    }

    /** Of the sample's group: committed up to 474 of 490 in partition 0. */
    @Test
    void aSideIsNotLateInPartitionsThatAreTheOthers() {
        assertThat(late(480, "10%")).as("6 of them are its own").isEqualTo(3_200);
        assertThat(late(474, "10%")).isZero();
        assertThat(late(474, "0%")).isEqualTo(3_200);
    }

    /** The canary of weight 10% has partition 0, from offset 480 on. */
    @Test
    void whatASideWasGivenIsNotOlderThanTheWeight() {
        assertThat(lateCanary(SampleMesh.NOW - 60_000)).isEqualTo(3_200);
        assertThat(lateCanary(SampleMesh.NOW - 1_000)).isEqualTo(1_000);
    }

    /** Of keys, the canary has some in every partition, but none before its seed, and none beyond the fence of a weight of 0. */
    @Test
    void aCanaryIsNotLateWhereItOwnsNothing() {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(POLICY.name(), POLICY.scope(), orders(1, 480)));
        assertThat(late(log, POLICY, 60_000)).as("no weight yet").isZero();

        weigh(log, 1, "1%", 480);
        assertThat(late(log, POLICY, 60_000)).isEqualTo(3_200);
        assertThat(late(log, POLICY, 1_000))
                .as("it has not committed beyond its seed")
                .isEqualTo(1_000);
        assertThat(canarys(log, POLICY, 60_000).processingMillis())
                .as("what it has not committed, it was handed all the same")
                .isEqualTo(figures.version(POLICY, Side.STABLE, -1).processingMillis())
                .isNotNegative();

        weigh(log, 2, "0%", 482);
        assertThat(late(log, POLICY, 60_000))
                .as("up to 482 some may be its own")
                .isEqualTo(3_200);

        log.apply(new ChangeEvent.Drained(POLICY.name(), 2));
        assertThat(late(log, POLICY, 60_000)).isZero();

        log.apply(new ChangeEvent.Seeded(POLICY.name(), POLICY.scope(), orders(1, 490)));
        weigh(log, 3, "1%", 490);
        assertThat(late(log, POLICY, 60_000)).as("what it committed was before").isZero();
    }

    @Test
    void howLongItHasARecordIsAsProxiesSayWhereTheyDo() {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(WHOLE.name(), WHOLE.scope(), orders(1, 0)));
        weigh(log, WHOLE, 1, "10%", 480);
        assertThat(canarys(log, WHOLE, 60_000).processingMillis())
                .as("it may have waited for the stable side")
                .isEqualTo(-1);
        givenMillis = 700;
        assertThat(canarys(log, WHOLE, 60_000).processingMillis()).isEqualTo(700);
    }

    @Test
    void whoHasCaughtUpIsKnownToHaveNothingToDo() {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(POLICY.name(), POLICY.scope(), orders(1, 0)));
        weigh(log, 1, "1%", 0);
        caughtUp = true;

        CanaryView.Version canary = canarys(log, POLICY, 60_000);
        assertThat(canary.lagMillis()).isZero();
        assertThat(canary.processingMillis()).as("a gate passes it").isZero();
    }

    @Test
    void aShadowIsLateByAllThatIsThere() {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(SHADOW.name(), SHADOW.scope(), orders(1, 0)));
        assertThat(late(log, SHADOW, 60_000)).isEqualTo(3_200);
    }

    private static void weigh(ChangeLog log, long epoch, String weight, long fence) {
        weigh(log, POLICY, epoch, weight, fence);
    }

    private static void weigh(ChangeLog log, CanaryPolicy policy, long epoch, String weight, long fence) {
        log.apply(new ChangeEvent.Committed(
                policy.name(), new Epoch(epoch, Weight.parse(weight), Handover.ORDERED, orders(1, fence))));
    }

    private long lateCanary(long sinceMillis) {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(WHOLE.name(), WHOLE.scope(), orders(1, 0)));
        log.apply(new ChangeEvent.Committed(
                WHOLE.name(), new Epoch(1, Weight.parse("10%"), Handover.ORDERED, orders(1, 480))));
        return late(log, WHOLE, SampleMesh.NOW - sinceMillis);
    }

    /** By how much the canary's group is late, whose weight has been what it is for so long. */
    private long late(ChangeLog log, CanaryPolicy policy, long weightMillis) {
        return canarys(log, policy, weightMillis).lagMillis();
    }

    private CanaryView.Version canarys(ChangeLog log, CanaryPolicy policy, long weightMillis) {
        List<GroupLag> groups =
                mesh.groups(Moment.NOW).stream().map(this::asTheCanarys).toList();
        return new CanaryFigures(mesh.topology(Moment.NOW), groups, log.canaries())
                .version(policy, Side.CANARY, SampleMesh.NOW - weightMillis);
    }

    /** As if the group of the stable side were that of the canary. */
    private GroupLag asTheCanarys(GroupLag group) {
        return new GroupLag(
                group.cluster(),
                group.group().equals(WHOLE.group()) ? WHOLE.scope().canaryGroup() : "another of " + group.group(),
                group.services(),
                group.protocol(),
                group.status(),
                group.lagRecords(),
                group.offsetLag(),
                caughtUp ? 0 : group.lagMillis(),
                group.fetchLagMillis(),
                group.headroomMillis(),
                group.members(),
                group.rebalances(),
                group.partitions().stream().map(this::given).toList(),
                group.history(),
                group.lastSeenMillis());
    }

    private GroupLag.PartitionLag given(GroupLag.PartitionLag partition) {
        return new GroupLag.PartitionLag(
                partition.topic(),
                partition.partition(),
                partition.status(),
                partition.committedOffset(),
                partition.fetchOffset(),
                caughtUp ? partition.committedOffset() : partition.endOffset(),
                partition.logStartOffset(),
                caughtUp ? 0 : partition.lagRecords(),
                caughtUp ? 0 : partition.offsetLag(),
                caughtUp ? 0 : partition.lagMillis(),
                partition.fetchLagMillis(),
                partition.headroomMillis(),
                partition.committedMillis(),
                partition.compacted(),
                partition.member(),
                givenMillis);
    }

    private long late(long fence, String weight) {
        ChangeLog log = new ChangeLog();
        log.apply(new ChangeEvent.Seeded(WHOLE.name(), WHOLE.scope(), orders(1, 0)));
        log.apply(new ChangeEvent.Committed(
                WHOLE.name(), new Epoch(1, Weight.parse(weight), Handover.ORDERED, orders(1, fence))));
        return new CanaryFigures(mesh.topology(Moment.NOW), mesh.groups(Moment.NOW), log.canaries())
                .version(WHOLE, Side.STABLE, -1)
                .lagMillis();
    }

    private static Map<PartitionRef, Long> orders(int partitions, long offset) {
        return IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(partition -> new PartitionRef("orders", partition), partition -> offset));
    }

    private static WatchedCanary watched(ChangeLog log) {
        return new WatchedCanary(log.of("payments-v2"), null, List.of(), List.of());
    }

    @Test
    void whatItDidNotSeeIsNotGuessed() {
        CanaryView.Version canary = figures.version(POLICY, Side.CANARY, 0);
        assertThat(canary.group()).isEqualTo("payments-v1~canary");
        assertThat(canary.lagMillis()).isEqualTo(-1);
        assertThat(CanaryFigures.known(canary)).isEmpty();
    }

    @Test
    void measuresAreOfThePhaseThatIsAskedFor() {
        long now = SampleMesh.NOW;
        Clock clock = Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC);
        CanaryMeasuring measuring = new CanaryMeasuring(() -> List.of(POLICY), Map::of, clock);
        assertThat(measuring.of("payments-v2", now - 60_000)).isEqualTo(Measures.NONE);
        measuring.measure();
        assertThat(measuring.of("payments-v2", now - 60_000)).as("no topology").isEqualTo(Measures.NONE);

        measuring.by(mesh);
        measuring.measure();
        Measures measures = measuring.of("payments-v2", now - 60_000);
        assertThat(measures.atMillis()).isEqualTo(now);
        assertThat(measures.stable().figures()).containsEntry(Figure.TIME_LAG, 3_200.0);
        assertThat(measures.canary().records()).isZero();
        assertThat(measuring.of("payments-v2", now - 5_000)).as("another phase").isEqualTo(Measures.NONE);
    }

    @Test
    void whoOnlyLooksIsToldHowManyRecordsAPhaseHad() {
        CanaryPolicy policy = policy(DOCUMENTS
                .replace("canary: {service: payments, version: v2}", "canary: {service: payments, version: v1}")
                .replace("stable: {service: payments, version: v1}", "stable: {service: payments, version: v2}"));
        long since = SampleMesh.NOW - 60_000;
        Clock clock = Clock.fixed(Instant.ofEpochMilli(SampleMesh.NOW), ZoneOffset.UTC);
        CanaryMeasuring measuring = new CanaryMeasuring(() -> List.of(policy), Map::of, clock);
        assertThat(measuring.records(policy, since)).as("no topology").isZero();
        measuring.by(mesh);
        assertThat(measuring.records(policy, since)).isEqualTo(490);
        measuring.of(policy.name(), since);
        measuring.measure();
        assertThat(measuring.records(policy, since)).as("as it is judged").isEqualTo(490);
    }

    @ParameterizedTest
    @CsvSource({
        "orders.DLT, true",
        "orders-dlt, true",
        "dlq.orders, true",
        "orders_dead_letters, true",
        "orders-dead-letter, true",
        "dead-letter-topic-orders, true",
        "orders.deadletter, true",
        "orders, false",
        "cradlt, false",
    })
    void deadLettersAreKnownByTheNamesOfTheirTopics(String topic, boolean dead) {
        assertThat(CanaryFigures.isDeadLetters(topic)).isEqualTo(dead);
    }
}
