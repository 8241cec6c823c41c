package dev.weir.topology.member;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.state.v1.MembershipRecord;
import dev.weir.topology.view.GroupLag.Rebalances;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RebalanceTimesTest {
    private static final long MINUTE = 60_000;
    private static final long NOW = 10 * Rebalances.KEPT_MILLIS;

    private final MembershipRecord.Builder one = MembershipRecord.newBuilder();
    private final MembershipRecord.Builder two = MembershipRecord.newBuilder();

    @Test
    void aGenerationCountsOnceWhoeverComesToIt() {
        begins(one, 7, NOW - 9 * MINUTE);
        begins(two, 7, NOW - 9 * MINUTE + 40_000);
        begins(two, 8, NOW - 5 * MINUTE);
        begins(one, 8, NOW - 5 * MINUTE + 1_000);
        assertThat(times()).containsExactly(NOW - 9 * MINUTE, NOW - 5 * MINUTE);
        assertThat(rebalances().since(NOW - 6 * MINUTE)).isOne();
        assertThat(rebalances().earlierMillis()).as("it came up then").isEqualTo(-1);
    }

    @Test
    void whatComesInAnotherOrderComesToTheSame() {
        record Begun(boolean first, int epoch, long atMillis) {}
        List<Begun> all = new ArrayList<>();
        for (int epoch = 1; epoch <= 20; epoch++) {
            all.add(new Begun(true, epoch, NOW - (30 - epoch) * MINUTE));
            all.add(new Begun(false, epoch, NOW - (30 - epoch) * MINUTE + 500));
        }
        Collections.shuffle(all, new Random(4));
        all.forEach(begun -> begins(begun.first() ? one : two, begun.epoch(), begun.atMillis()));
        all.forEach(begun -> begins(begun.first() ? one : two, begun.epoch(), begun.atMillis())); // and again
        assertThat(times()).hasSize(20).isSorted();
        assertThat(one.getBegunEpochsCount()).isEqualTo(20);
    }

    @Test
    void aLateReportOfAnEarlierGenerationIsNone() {
        begins(one, 3, NOW - 2 * MINUTE);
        begins(two, 2, NOW - 2 * MINUTE + 900);
        assertThat(times()).containsExactly(NOW - 2 * MINUTE);
    }

    @Test
    void aGroupThatWasMadeAnewBeginsWithSmallNumbers() {
        begins(one, 40, NOW - 20 * MINUTE);
        begins(two, 1, NOW - 10 * MINUTE);
        begins(two, 2, NOW - 9 * MINUTE);
        assertThat(times()).hasSize(3);
    }

    @Test
    void whoComesBackToTheSameGenerationWasNoRebalance() {
        begins(one, 5, NOW - 3 * Rebalances.KEPT_MILLIS);
        begins(one, 6, NOW - 2 * Rebalances.KEPT_MILLIS);
        assertThat(one.getBegunEpochsList()).as("the older one is forgotten").hasSize(2 - 1);
        begins(two, 6, NOW - MINUTE); // a static member that was restarted
        assertThat(rebalances()).isEqualTo(new Rebalances(true, List.of(), NOW - 2 * Rebalances.KEPT_MILLIS));
    }

    @Test
    void nothingIsKnownBeforeAProxyHasTold() {
        assertThat(rebalances()).isEqualTo(Rebalances.UNKNOWN);
        assertThat(rebalances().since(0)).isEqualTo(-1);
        one.setEpoch(12);
        assertThat(rebalances().since(0))
                .as("it has a generation, and began none")
                .isZero();
        assertThat(rebalances().earlierMillis()).isZero();
    }

    @Test
    void whatIsKeptIsBounded() {
        for (int epoch = 1; epoch <= 3 * Rebalances.MAX; epoch++) {
            begins(one, epoch, NOW - 1_000 + epoch);
        }
        assertThat(one.getBegunEpochsCount()).isEqualTo(Rebalances.MAX);
        assertThat(times()).hasSize(Rebalances.MAX).endsWith(NOW - 1_000 + 3 * Rebalances.MAX);
    }

    private static void begins(MembershipRecord.Builder member, int epoch, long atMillis) {
        RebalanceTimes.add(member, List.of(epoch), atMillis);
    }

    private List<Long> times() {
        return rebalances().atMillis();
    }

    private Rebalances rebalances() {
        return RebalanceTimes.of(List.of(one.build(), two.build()), NOW);
    }
}
