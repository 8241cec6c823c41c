package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Side;
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
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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
              gates: {timeLag: 30s, errorShare: 1%, deadLetterShare: 0.1%, processingTime: 2s, records: 50, onFailure: pause}
            """;

    private static final CanaryPolicy POLICY = policy(DOCUMENTS);
    private static final CanaryPolicy SHADOW = policy(DOCUMENTS
            .substring(0, DOCUMENTS.indexOf("  steps:"))
            .concat("  strategy: shadow\n  redirect: [receipts, alerts]\n"));

    private final MeshView mesh = SampleMesh.view();
    private final CanaryFigures figures = new CanaryFigures(mesh.topology(Moment.NOW), mesh.groups(Moment.NOW));

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
                                2_000.0),
                        50,
                        Gates.OnFailure.PAUSE));
    }

    @Test
    void whatTheTopologySawOfAVersionIsKnown() {
        CanaryView.Version stable = figures.version(POLICY, Side.STABLE);
        assertThat(stable.group()).isEqualTo("payments-v1");
        assertThat(stable.recordsPerSecond()).isEqualTo(4.9);
        assertThat(stable.lagMillis()).isEqualTo(3_200);
        assertThat(stable.errorShare()).isZero();
        assertThat(figures.records(POLICY, Side.STABLE)).isEqualTo(490);
        assertThat(CanaryFigures.known(stable)).containsEntry(Figure.TIME_LAG, 3_200.0);
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

    private static WatchedCanary watched(ChangeLog log) {
        return new WatchedCanary(log.of(SHADOW.name()), null, List.of(), List.of());
    }

    @Test
    void whatItDidNotSeeIsNotGuessed() {
        CanaryView.Version canary = figures.version(POLICY, Side.CANARY);
        assertThat(canary.group()).isEqualTo("payments-v1~canary");
        assertThat(canary.lagMillis()).isEqualTo(-1);
        assertThat(CanaryFigures.known(canary)).isEmpty();
    }

    @Test
    void measuresAreOfThePhaseThatIsAskedFor() {
        long now = SampleMesh.NOW;
        Clock clock = Clock.fixed(Instant.ofEpochMilli(now), ZoneOffset.UTC);
        CanaryMeasuring measuring = new CanaryMeasuring(() -> List.of(POLICY), clock);
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
