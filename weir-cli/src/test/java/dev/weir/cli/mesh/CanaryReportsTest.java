package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Shadow;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.Note;
import dev.weir.canary.member.GroupMember;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutEvent;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.proxy.admin.StatusReport.BypassReport;
import dev.weir.proxy.admin.StatusReport.CanaryReport;
import dev.weir.proxy.admin.StatusReport.LeftReport;
import dev.weir.proxy.audit.AuditEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanaryReportsTest {
    private static final GroupMember STRANGER = new GroupMember("payments", "m-1", "v1-a", "/10.1.2.3");
    private static final String CANARY = "payments-v2";
    private static final PartitionRef ORDERS = new PartitionRef("orders", 2);
    private static final ChangeEvent.Seeded SEEDED = new ChangeEvent.Seeded(
            CANARY,
            new Scope(
                    "payments",
                    "payments~canary",
                    List.of("orders"),
                    new Slices(CANARY),
                    new Clients("payments", "v1*", List.of()),
                    new Clients("payments", "v2*", List.of())),
            Map.of(ORDERS, 5L));

    private final ChangeLog log = new ChangeLog();

    @Test
    void aCanaryIsIdleThenSeededThenSharingThenDrainingThenIdle() {
        assertThat(state(new ChangeEvent.Noted(CANARY, Note.NONE))).isEqualTo("idle");
        assertThat(state(SEEDED)).isEqualTo("seeded");
        assertThat(state(committed(1, 1_000, 10))).isEqualTo("sharing");
        assertThat(state(committed(2, 0, 90))).isEqualTo("draining");
        assertThat(state(new ChangeEvent.Drained(CANARY, 2))).isEqualTo("idle");
    }

    @Test
    void aShadowIsOneUntilItIsOver() {
        Scope shares = SEEDED.scope();
        ChangeEvent.Seeded shadow = new ChangeEvent.Seeded(
                CANARY,
                new Scope(
                        shares.group(),
                        shares.canaryGroup(),
                        shares.topics(),
                        shares.buckets(),
                        shares.stable(),
                        shares.canary(),
                        new Shadow(List.of("receipts"))),
                SEEDED.offsets());
        assertThat(state(shadow)).isEqualTo("shadow");
        assertThat(said(shadow)).isEqualTo("shadow in group payments~canary begins where its topics end");
        assertThat(said(SEEDED)).isEqualTo("group payments~canary begins where its topics end");
        assertThat(state(new ChangeEvent.Drained(CANARY, 0))).isEqualTo("idle");
    }

    @Test
    void whatItWaitsForIsSaid() {
        log.apply(SEEDED);
        log.apply(committed(1, 1_000, 10));
        log.apply(new ChangeEvent.Noted(
                CANARY,
                new Note(
                        List.of("proxy/1"),
                        "no such topic",
                        Map.of(new Gate(ORDERS, 1, 10, Side.STABLE), 3L),
                        List.of(STRANGER))));
        log.apply(new ChangeEvent.Prepared(CANARY, 2, new Weight(5_000), Handover.ORDERED));

        assertThat(report())
                .isEqualTo(new CanaryReport(
                        CANARY,
                        "payments",
                        "sharing",
                        "10%",
                        2,
                        "50%",
                        List.of("proxy/1"),
                        List.of(new LeftReport("orders", 2, "stable", 10, 7)),
                        "no such topic",
                        List.of(new BypassReport("payments", "m-1", "v1-a", "/10.1.2.3"))));
    }

    @Test
    void eachMemberAroundTheMeshIsInTheAuditOnce() {
        CanaryBypasses bypasses = new CanaryBypasses();
        ChangeEvent.Noted found = new ChangeEvent.Noted(CANARY, new Note(List.of(), "", Map.of(), List.of(STRANGER)));
        assertThat(bypasses.next(found)).containsExactly(STRANGER);
        assertThat(bypasses.next(found)).isEmpty();
        assertThat(bypasses.next(new ChangeEvent.Noted(CANARY, Note.NONE))).isEmpty();
        assertThat(bypasses.next(found)).containsExactly(STRANGER);
        assertThat(MeshAudit.bypass("main", "weir", CANARY, STRANGER).what().getReason())
                .isEqualTo("client id v1-a at /10.1.2.3 in group payments, member m-1, comes to brokers around Weir");
    }

    @Test
    void whatTheControllerDoesIsInTheAudit() {
        assertThat(said(committed(3, 2_500, 10))).isEqualTo("weight 25% in force as epoch 3");
        assertThat(said(new ChangeEvent.Aborted(CANARY, 4, "why"))).isEqualTo("epoch 4 given up: why");
        assertThat(said(new ChangeEvent.Drained(CANARY, 4))).isEqualTo("drained");
        assertThat(MeshAudit.canaryChange("main", "weir", new ChangeEvent.Noted(CANARY, Note.NONE)))
                .isNull();
    }

    @Test
    void whatAGateDecidesIsInTheAuditAndStepsAndCommandsAreThereOtherwise() {
        Cause gate = new Cause(Cause.Kind.GATE, "lag", "12 s, more than 4 s");
        Cause person = new Cause(Cause.Kind.PERSON, "ann", "");
        assertThat(said(progressed(new Phase.Aborted(gate)))).isEqualTo("aborted by gate lag: 12 s, more than 4 s");
        assertThat(said(progressed(new Phase.Paused(gate)))).isEqualTo("paused by gate lag: 12 s, more than 4 s");
        for (Phase phase : List.of(new Phase.Waiting(), new Phase.Done(), new Phase.Paused(person))) {
            assertThat(MeshAudit.canaryChange("main", "weir", progressed(phase)))
                    .isNull();
        }
    }

    private static ChangeEvent progressed(Phase phase) {
        return new ChangeEvent.OfRollout(
                new RolloutEvent.Progressed(CANARY, 0, new RolloutState("", 0, new Weight(0), 0, phase)));
    }

    private static String said(ChangeEvent event) {
        AuditEvent audit = MeshAudit.canaryChange("main", "weir", event);
        assertThat(audit).isNotNull();
        return audit.what().getReason();
    }

    private static ChangeEvent.Committed committed(long number, int basisPoints, long fence) {
        return new ChangeEvent.Committed(
                CANARY, new Epoch(number, new Weight(basisPoints), Handover.ORDERED, Map.of(ORDERS, fence)));
    }

    private String state(ChangeEvent event) {
        log.apply(event);
        return report().state();
    }

    private CanaryReport report() {
        return CanaryReports.of(log.canaries()).get(0);
    }
}
