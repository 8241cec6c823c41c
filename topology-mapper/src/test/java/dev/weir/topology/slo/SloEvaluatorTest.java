package dev.weir.topology.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.topology.state.v1.PendingAges;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.SloView.Alert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SloEvaluatorTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long T = 1_700_006_400_000L;
    private static final Offset<Double> ABOUT = within(0.02);

    private final Map<SloBlocks.Key, SloBlock> stored = new HashMap<>();
    private final SloBlocks blocks = new SloBlocks(stored::get);
    private final CommitAccounts accounts = blocks.partition("main", "orders", 0);
    private long offset;

    /** Ten records a second, committed so long after their append. */
    private void traffic(long fromMillis, long toMillis, long delayMillis) {
        for (long millis = fromMillis; millis < toMillis; millis += 10_000) {
            offset += 100;
            long committed = delayMillis == CommitAccounts.NEVER ? delayMillis : millis + delayMillis;
            accounts.committed("g", offset, 100, millis, millis, committed);
        }
        store();
    }

    private void store() {
        blocks.takeChanged()
                .forEach(block -> stored.put(
                        new SloBlocks.Key(
                                "main", "orders", 0, SloTier.ofSlot(block.getSlotMillis()), block.getStartMillis()),
                        block));
    }

    private SloView judge(long nowMillis, double objective, long withinMillis, PendingAges pending) {
        SloEvaluator evaluator = new SloEvaluator(
                new Objective("fast", "team", "main", "", "g", List.of("orders"), objective, withinMillis, 30 * DAY),
                nowMillis);
        stored.values().forEach(block -> evaluator.add(block, "g"));
        evaluator.add(pending);
        return evaluator.judge("g");
    }

    private SloView judge(long nowMillis, double objective, long withinMillis) {
        return judge(nowMillis, objective, withinMillis, PendingAges.getDefaultInstance());
    }

    @Test
    void aHealthyGroupKeepsItsBudget() {
        traffic(T, T + 6 * HOUR, 2_000);

        SloView slo = judge(T + 6 * HOUR, 0.999, 30_000);

        assertThat(slo.attained()).isEqualTo(1);
        assertThat(slo.budgetLeft()).isEqualTo(1);
        assertThat(slo.alert()).isEqualTo(Alert.NONE);
        assertThat((double) slo.good()).isCloseTo(6 * 3_600 * 10, within(400.0));
        assertThat(slo.bad()).isZero();
        assertThat(slo.observedMillis()).isEqualTo(6 * HOUR);
        assertThat(slo.history()).hasSizeBetween(72, 73).startsWith(0.0);
    }

    @Test
    void noTrafficIsNoVerdict() {
        SloView slo = judge(T, 0.999, 30_000);

        assertThat(slo.attained()).isEqualTo(-1);
        assertThat(slo.budgetLeft()).isEqualTo(1);
        assertThat(slo.alert()).isEqualTo(Alert.NONE);
        assertThat(slo.burns()).allMatch(burn -> burn.longRate() == -1 && !burn.firing());
    }

    @Test
    void aDeadConsumerDoesNotLookPerfect() {
        traffic(T, T + 6 * HOUR, 2_000);
        long dead = T + 6 * HOUR;
        long now = dead + 20 * 60_000;
        PendingAges pending = PendingAges.newBuilder()
                .addFromMillis(dead)
                .addToMillis(now)
                .addRecords(20 * 60 * 10)
                .build();

        SloView slo = judge(now, 0.99, 30_000, pending);

        assertThat(slo.alert()).isEqualTo(Alert.PAGE);
        assertThat(slo.burns().get(0).firing()).isTrue();
        assertThat(slo.burns().get(0).shortRate()).isCloseTo(100, within(2.0));
        assertThat(slo.burns().get(0).longRate()).isCloseTo(100 * 19.5 / 60, within(2.0));
        assertThat((double) slo.bad()).isCloseTo(19.5 * 60 * 10, within(100.0));
    }

    @Test
    void recordsThatAreNotDueAreNotJudged() {
        PendingAges pending = PendingAges.newBuilder()
                .addFromMillis(T)
                .addToMillis(T + 20_000)
                .addRecords(200)
                .build();

        assertThat(judge(T + 20_000, 0.99, 30_000, pending).bad()).isZero();
        assertThat(judge(T + 40_000, 0.99, 30_000, pending).bad()).isEqualTo(100);
        assertThat(judge(T + 60_000, 0.99, 30_000, pending).bad()).isEqualTo(200);
    }

    @Test
    void whatWasCommittedAndIsNotCountedYetIsJudgedAsItWasCommitted() {
        PendingAges committed = PendingAges.newBuilder()
                .addFromMillis(T)
                .addToMillis(T + 20_000)
                .addRecords(200)
                .addCommittedMillis(T + 40_000)
                .build();

        SloView slo = judge(T + 60_000, 0.99, 30_000, committed);

        assertThat(slo.bad()).isEqualTo(100);
        assertThat(slo.good()).isEqualTo(100);
    }

    @Test
    void changedObjectivesHoldForThePastToo() {
        traffic(T, T + 2 * HOUR, 10_000);

        assertThat(judge(T + 2 * HOUR, 0.99, 30_000).attained()).isEqualTo(1);
        assertThat(judge(T + 2 * HOUR, 0.99, 5_000).attained()).isZero();
    }

    @Test
    void lateReportsCountInTheTimeOfTheirAppend() {
        traffic(T, T + HOUR, 1_000);
        traffic(T + 5 * HOUR, T + 6 * HOUR, 1_000);
        long now = T + 6 * HOUR;
        double before = judge(now, 0.9, 30_000).burns().get(0).longRate();

        accounts.committed("g", offset + 36_000, 36_000, T + HOUR, T + HOUR, T + 2 * HOUR);
        store();
        SloView slo = judge(now, 0.9, 30_000);

        assertThat(slo.burns().get(0).longRate()).isEqualTo(before).isZero();
        assertThat(slo.attained()).isCloseTo(2.0 / 3, ABOUT);
    }

    @Test
    void slowBurnIsATicket() {
        traffic(T, T + 3 * DAY, 1_000);
        for (long millis = T; millis < T + 3 * DAY; millis += 600_000) {
            offset += 120;
            accounts.committed("g", offset, 120, millis, millis, millis + 60_000);
        }
        store();

        SloView slo = judge(T + 3 * DAY, 0.99, 30_000);

        assertThat(slo.burns().get(2).longRate()).isCloseTo(1.96, within(0.1));
        assertThat(slo.alert()).isEqualTo(Alert.TICKET);
        assertThat(slo.budgetLeft()).isLessThan(0);
        assertThat(slo.history()).hasSizeLessThanOrEqualTo(288);
    }

    @Test
    void thatItIsOverEndsTheAlert() {
        traffic(T, T + HOUR, 120_000);
        assertThat(judge(T + HOUR, 0.99, 30_000).alert()).isEqualTo(Alert.PAGE);
        traffic(T + HOUR, T + HOUR + 40 * 60_000, 1_000);
        SloView slo = judge(T + HOUR + 40 * 60_000, 0.99, 30_000);

        assertThat(slo.burns().get(0).firing()).isFalse();
        assertThat(slo.burns().get(1).firing()).isFalse();
    }

    @Test
    void recordsThatRetentionDeletedAreBad() {
        traffic(T, T + HOUR, CommitAccounts.NEVER);

        assertThat(judge(T + HOUR, 0.9, 10 * DAY).bad()).isZero();
        assertThat(judge(T + HOUR, 0.9, 30_000).attained()).isZero();
    }

    @Test
    void whatIsToldAgainIsNotCountedAgain() {
        traffic(T, T + HOUR, 1_000);
        List<SloBlock> once = new ArrayList<>(stored.values());
        offset = 0;
        traffic(T, T + HOUR, 1_000);

        assertThat(stored.values()).containsExactlyInAnyOrderElementsOf(once);
    }

    @Test
    void bucketsAreWithinNinePercent() {
        for (long millis = 200; millis < 30 * DAY; millis = millis * 11 / 10) {
            int bucket = DelayBuckets.of(millis);
            assertThat(DelayBuckets.shareWithin(bucket, millis * 110 / 100)).isEqualTo(1);
            assertThat(DelayBuckets.shareWithin(bucket, millis * 91 / 100)).isZero();
        }
        assertThat(DelayBuckets.shareWithin(DelayBuckets.NEVER, Long.MAX_VALUE)).isZero();
    }
}
