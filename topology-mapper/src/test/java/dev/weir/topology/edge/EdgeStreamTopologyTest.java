package dev.weir.topology.edge;

import static dev.weir.topology.TestReports.client;
import static dev.weir.topology.TestReports.consumed;
import static dev.weir.topology.TestReports.header;
import static dev.weir.topology.TestReports.produced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.view.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EdgeStreamTopologyTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Reports of that many seconds, ten records each, the last ending when the harness's clock has got there. */
    private static List<Flow> steady(String proxy, long epoch, long fromMillis, int seconds) {
        List<Flow> flows = new ArrayList<>();
        for (int i = 1; i <= seconds; i++) {
            flows.add(produced(header(proxy, epoch, i, fromMillis + i * 1_000L), "shop", "orders", 10));
        }
        return flows;
    }

    @Test
    void aSteadyFlowHasItsRate() {
        try (EdgeHarness harness = new EdgeHarness()) {
            for (Flow flow : steady("p", 1, EdgeHarness.START, 125)) {
                harness.pass(SECOND);
                harness.report(flow);
            }
            harness.pass(SECOND);
            EdgeSum edge = harness.only();
            assertThat(edge.recordsTotal()).isEqualTo(1_250);
            assertThat(edge.counts().records() / edge.seconds()).isCloseTo(10, within(0.1));
            assertThat(edge.counts().bytes()).isEqualTo(edge.counts().records() * 100);
        }
    }

    @Test
    void whateverTheOrderAndHoweverOftenEachReportCountsOnce() {
        List<Flow> flows = steady("p", 1, EdgeHarness.START, 60);
        List<Flow> mixed = new ArrayList<>(flows);
        mixed.addAll(flows.subList(10, 50));
        Random random = new Random(7);
        Collections.shuffle(mixed, random);
        try (EdgeHarness harness = new EdgeHarness();
                EdgeHarness ordered = new EdgeHarness()) {
            harness.pass(Duration.ofSeconds(60));
            ordered.pass(Duration.ofSeconds(60));
            mixed.forEach(harness::report);
            flows.forEach(ordered::report);
            harness.pass(SECOND);
            ordered.pass(SECOND);
            assertThat(harness.statistics()).isEqualTo(Map.of("taken", 60L, "duplicate", 40L, "late", 0L));
            assertThat(harness.only().recordsTotal()).isEqualTo(600);
            // the same in each slot, too
            for (int second = 10; second <= 60; second += 10) {
                long end = EdgeHarness.START + second * 1_000L;
                assertThat(harness.recordsAt(end, Duration.ofSeconds(10)))
                        .isEqualTo(ordered.recordsAt(end, Duration.ofSeconds(10)))
                        .isEqualTo(100);
            }
        }
    }

    @Test
    void whatComesLateCountsForItsTimeAndWhatComesTooLateIsCountedAsSuch() {
        List<Flow> flows = steady("p", 1, EdgeHarness.START, 60);
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(Duration.ofMinutes(8));
            harness.report(produced(header("q", 1, 1, harness.now()), "shop", "orders", 1));
            flows.subList(0, 30).forEach(harness::report);
            harness.pass(SECOND);
            assertThat(harness.recordsAt(EdgeHarness.START + 30_000, Duration.ofSeconds(30)))
                    .isEqualTo(300);

            harness.pass(Duration.ofMinutes(8));
            harness.report(produced(header("q", 1, 2, harness.now()), "shop", "orders", 1));
            flows.subList(30, 60).forEach(harness::report);
            harness.pass(SECOND);
            assertThat(harness.statistics()).isEqualTo(Map.of("taken", 32L, "duplicate", 0L, "late", 30L));
            assertThat(harness.only().recordsTotal()).isEqualTo(302);
        }
    }

    @Test
    void aProxyThatWasRestartedBeginsAtOneAgain() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(Duration.ofSeconds(20));
            steady("p", 1, EdgeHarness.START, 5).forEach(harness::report);
            steady("p", 2, EdgeHarness.START + 10_000, 5).forEach(harness::report);
            // of the run before, late
            steady("p", 1, EdgeHarness.START, 6).forEach(harness::report);
            harness.pass(SECOND);
            assertThat(harness.statistics()).isEqualTo(Map.of("taken", 11L, "duplicate", 5L, "late", 0L));
            assertThat(harness.only().recordsTotal()).isEqualTo(110);
        }
    }

    @Test
    void twoProxiesAndTwoClientsOfAServiceAreOneEdge() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(SECOND);
            harness.report(produced(header("p", 1, 1, harness.now()), "shop", "orders", 10));
            harness.report(produced(header("q", 1, 1, harness.now()), "shop", "orders", 20));
            harness.report(produced(header("p", 1, 1, harness.now()), "shop", "orders", 40).toBuilder()
                    .setClient(client("shop").toBuilder().setClientId("shop-2").setTls(false))
                    .build());
            harness.pass(SECOND);
            EdgeSum edge = harness.only();
            assertThat(edge.recordsTotal()).isEqualTo(70);
            assertThat(edge.plaintext()).isTrue();
        }
    }

    @Test
    void aClockThatIsAheadMakesNobodyElseLate() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(SECOND);
            harness.report(produced(header("ahead", 1, 1, harness.now() + 3_600_000), "shop", "orders", 10));
            harness.report(produced(header("right", 1, 1, harness.now()), "shop", "orders", 20));
            harness.pass(SECOND);
            assertThat(harness.only().counts().records()).isEqualTo(30);
        }
    }

    @Test
    void errorsDenialsAndLatenciesAddUp() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(SECOND);
            for (int i = 1; i <= 3; i++) {
                harness.report(produced(header("p", 1, i, harness.now()), "shop", "orders", 0).toBuilder()
                        .putErrors(29, 2)
                        .setDenied(2)
                        .setDryRunDenied(1)
                        .setRecordsChecked(4)
                        .setRecordsInvalid(2)
                        .putInvalidReasons(Flow.InvalidReason.PAYLOAD_VALUE, 1)
                        .build());
            }
            harness.pass(SECOND);
            EdgeSum edge = harness.only();
            assertThat(edge.counts().denied()).isEqualTo(6);
            assertThat(edge.counts().dryRunDenied()).isEqualTo(3);
            assertThat(edge.counts().recordsChecked()).isEqualTo(12);
            assertThat(edge.counts().recordsInvalid()).isEqualTo(6);
            assertThat(edge.counts().invalidReasons().key(0)).isEqualTo(Flow.InvalidReason.PAYLOAD_VALUE);
            assertThat(edge.counts().invalidReasons().total())
                    .as("a proxy of before does not say all")
                    .isEqualTo(3);
            assertThat(edge.counts().errors().count(0)).isEqualTo(6);
            assertThat(edge.counts().latencies().total()).isEqualTo(3);
        }
    }

    @Test
    void aboveTheLimitsIsOther() {
        try (EdgeHarness harness = new EdgeHarness(10, 1_000, 1_000)) {
            harness.pass(SECOND);
            for (int i = 0; i < 110; i++) {
                harness.report(consumed(header("p", 1, 1, harness.now()), "service-" + i, "orders", "g", 1));
                harness.report(consumed(header("p", 1, 2, harness.now()), "service-" + i, "orders", "g", 1));
            }
            harness.pass(SECOND);
            List<EdgeSum> sums = harness.sums();
            assertThat(sums).hasSize(11);
            EdgeSum other =
                    sums.stream().filter(sum -> sum.key().other()).findFirst().orElseThrow();
            assertThat(other.recordsTotal()).isEqualTo(200);
            assertThat(other.others()).isBetween(98L, 102L);
            assertThat(sums.stream().mapToLong(EdgeSum::recordsTotal).sum()).isEqualTo(220);
        }
        try (EdgeHarness harness = new EdgeHarness(1_000, 5, 3)) {
            harness.pass(SECOND);
            for (int i = 0; i < 20; i++) {
                harness.report(produced(header("p", 1, 1, harness.now()), "service-" + i, "orders", 1));
                harness.report(produced(header("p", 1, 1, harness.now()), "service-0", "topic-" + i, 1));
            }
            harness.pass(SECOND);
            assertThat(harness.sums()).hasSize(5 + 2 + 1);
        }
    }

    @Test
    void anEdgeIsForwardedOnceASecondAndOnlyWhenItHasChanged() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(SECOND);
            steady("p", 1, EdgeHarness.START - 100_000, 50).forEach(harness::report);
            harness.pass(SECOND);
            assertThat(harness.forwardedEdges()).isEqualTo(1);
            harness.pass(Duration.ofSeconds(30));
            assertThat(harness.forwardedEdges()).isEqualTo(1);
        }
    }

    @Test
    void aDayCanBeReplayed() {
        try (EdgeHarness harness = new EdgeHarness()) {
            long sequence = 0;
            for (int minute = 0; minute < 3 * 60; minute++) {
                harness.pass(Duration.ofMinutes(1));
                harness.report(produced(header("p", 1, ++sequence, harness.now() - 20_000), "shop", "orders", minute));
            }
            harness.pass(Duration.ofMinutes(1));
            // the third minute, three hours ago; the last hour; and an hour in between
            assertThat(harness.recordsAt(EdgeHarness.START + 3 * 60_000, Duration.ofMinutes(1)))
                    .isEqualTo(2);
            assertThat(harness.recordsAt(EdgeHarness.START + 170 * 60_000, Duration.ofMinutes(1)))
                    .isEqualTo(169);
            assertThat(harness.recordsAt(EdgeHarness.START + 100 * 60_000, Duration.ofMinutes(60)))
                    .isEqualTo((40 + 99) * 60 / 2);
            EdgeSum then = harness.table
                    .sums(new Moment(OptionalLong.of(EdgeHarness.START + 10 * 60_000), 60_000), harness.now())
                    .get(0);
            assertThat(then.recordsTotal()).isEqualTo(45);
            assertThat(then.seconds()).isEqualTo(60);
        }
    }

    @Test
    void whatIsADayOldIsForgotten() {
        try (EdgeHarness harness = new EdgeHarness()) {
            harness.pass(SECOND);
            harness.report(produced(header("p", 1, 1, harness.now()), "shop", "orders", 1));
            harness.pass(SECOND);
            assertThat(harness.sums()).hasSize(1);
            harness.pass(Duration.ofHours(24));
            assertThat(harness.sums()).hasSize(1);
            harness.pass(Duration.ofHours(2));
            assertThat(harness.sums()).isEmpty();
            assertThat(harness.forwarded)
                    .filteredOn(record -> record.key()[0] == RecordKind.EDGE.code() && record.value() == null)
                    .hasSize(1);
        }
    }
}
