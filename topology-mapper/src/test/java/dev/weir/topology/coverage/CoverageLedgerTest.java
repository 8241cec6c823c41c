package dev.weir.topology.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.ProxyView;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoverageLedgerTest {
    private static final long T = 1_700_000_000_000L;

    private CoverageState state = CoverageState.getDefaultInstance();
    private long now = T;

    private Coverage round(boolean trusted, long reported, long unreported, long unacknowledged, long advanced) {
        return round(trusted, reported, unreported, unacknowledged, advanced, false);
    }

    private Coverage round(
            boolean trusted, long reported, long unreported, long unacknowledged, long advanced, boolean mirrored) {
        now += 30_000;
        state = CoverageLedger.next(
                state,
                new CoverageRound(
                        "main",
                        now,
                        trusted,
                        List.of(new CoverageRound.Topic(
                                "orders", true, 1_000, reported, unreported, unacknowledged, mirrored)),
                        List.of(new CoverageRound.Group("g", "CLASSIC", "Stable", advanced))));
        CoverageView view = new CoverageView();
        view.put("c", state);
        assertThat(view.compacted("main", "orders")).isTrue();
        assertThat(view.protocol("main", "g")).isEqualTo("CLASSIC");
        return view.coverage(now);
    }

    @Test
    void allThatWasReportedIsFullCoverage() {
        assertThat(round(true, 0, 0, 0, 0).percentRecords()).isEqualTo(-1);
        Coverage coverage = round(true, 1_000, 0, 0, 0);

        assertThat(coverage.percentRecords()).isEqualTo(100);
        assertThat(coverage.bypassedTopics()).isEmpty();
        assertThat(coverage.checkedMillis()).isEqualTo(now);
    }

    @Test
    void whatIsSeenOnceIsNotAProofAndTwiceItIs() {
        assertThat(round(true, 100, 50, 0, 0).bypassedTopics()).isEmpty();
        assertThat(round(true, 200, 50, 0, 0).bypassedTopics()).isEmpty();
        Coverage coverage = round(true, 300, 100, 0, 0);

        assertThat(coverage.bypassedTopics())
                .containsExactly(new Coverage.Bypass("main", "orders", 100, T + 30_000, T + 90_000));
        assertThat(coverage.percentRecords()).isEqualTo(75);
    }

    @Test
    void recordsWithoutAcknowledgementExplainThemselves() {
        round(true, 0, 50, 80, 0);
        assertThat(round(true, 0, 80, 80, 0).bypassedTopics()).isEmpty();
        round(true, 0, 90, 80, 0);
        Coverage coverage = round(true, 0, 100, 80, 0);

        assertThat(coverage.bypassedTopics())
                .singleElement()
                .satisfies(bypass -> assertThat(bypass.records()).isEqualTo(20));
    }

    @Test
    void copiesOfMirrorsAreNobodysBypassAndUseUpNoExcuse() {
        round(true, 0, 0, 0, 0, true);
        round(true, 0, 5_000, 40, 0, true);
        assertThat(round(true, 0, 9_000, 40, 0, true).bypassedTopics()).isEmpty();
        round(true, 0, 9_000, 40, 0);
        assertThat(round(true, 0, 9_050, 90, 0).bypassedTopics())
                .as("the mirror is gone, and somebody writes with acks=0")
                .isEmpty();
        round(true, 0, 9_200, 90, 0);
        assertThat(round(true, 0, 9_300, 90, 0).bypassedTopics())
                .as("and somebody writes around Weir")
                .isNotEmpty();
    }

    @Test
    void whileReportsMayBeLostNobodyIsAccused() {
        for (int i = 1; i < 5; i++) {
            assertThat(round(false, 0, i * 100, 0, 10).bypassedTopics()).isEmpty();
        }
        assertThat(state.getTopics(0).getUnexplainedRecords()).isEqualTo(400);
        assertThat(round(true, 0, 400, 0, 0).bypassingGroups()).isEmpty();
    }

    @Test
    void groupsThatCommitUnseenAreNamed() {
        assertThat(round(true, 0, 0, 0, 7).bypassingGroups()).isEmpty();
        assertThat(round(true, 0, 0, 0, 5).bypassingGroups())
                .containsExactly(new Coverage.Bypass("main", "g", 12, T + 30_000, T + 60_000));
    }

    @Test
    void trustNeedsProxiesThatGoOnAsTheyWere() {
        ProxyTrust trust = new ProxyTrust();
        assertThat(trust.next(List.of())).isFalse();
        boolean trusted = false;
        for (int i = 0; i < 4; i++) {
            trusted = trust.next(List.of(proxy(ProxyView.State.LIVE, 0, 1)));
        }
        assertThat(trusted).isTrue();
        assertThat(trust.next(List.of(proxy(ProxyView.State.LIVE, 5, 1)))).isFalse();
        for (int i = 0; i < 3; i++) {
            trusted = trust.next(List.of(proxy(ProxyView.State.LIVE, 5, 1)));
        }
        assertThat(trusted).isTrue();
        assertThat(trust.next(List.of(proxy(ProxyView.State.LIVE, 0, 2))))
                .as("started anew")
                .isFalse();
    }

    private static ProxyView proxy(ProxyView.State state, long dropped, long startedMillis) {
        return new ProxyView("p", "1", state, "r", "IN_FORCE", "", 0, 1, dropped, List.of(), startedMillis, T);
    }
}
