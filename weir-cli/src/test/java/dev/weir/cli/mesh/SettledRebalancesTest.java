package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.GroupLag.Rebalances;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Times are in seconds; the phase begins at 1,000. */
class SettledRebalancesTest {
    private static final long PHASE = 1_000;

    private static int count(long nowSeconds, long... seconds) {
        return after(-1, nowSeconds, seconds);
    }

    private static int after(long earlierSeconds, long nowSeconds, long... seconds) {
        long earlier = earlierSeconds < 0 ? -1 : earlierSeconds * 1_000;
        return SettledRebalances.count(
                new Rebalances(
                        true,
                        Arrays.stream(seconds).map(each -> each * 1_000).boxed().toList(),
                        earlier),
                PHASE * 1_000,
                nowSeconds * 1_000);
    }

    @Test
    void aGroupThatComesUpIsNotJudgedUntilItRests() {
        assertThat(count(1_006, 1_005)).isEqualTo(-1);
        assertThat(count(1_050, 1_005, 1_008, 1_030)).isEqualTo(-1);
        assertThat(count(1_060, 1_005, 1_008, 1_030)).as("30 s after the last").isZero();
        assertThat(count(1_101, 1_005, 1_008, 1_030, 1_100)).isOne();
        assertThat(count(1_102, 1_005, 1_008, 1_030, 1_100, 1_102)).isEqualTo(2);
    }

    @Test
    void aGroupThatCameUpJustBeforeIsStillComingUp() {
        assertThat(count(1_001, 980, 990)).isEqualTo(-1);
        assertThat(count(1_012, 980, 990, 1_010)).isEqualTo(-1);
        assertThat(count(1_040, 980, 990, 1_010)).isZero();
        assertThat(count(1_050, 980, 990, 1_010, 1_049)).isOne();
    }

    @Test
    void ofAGroupAtRestEachCounts() {
        assertThat(count(1_001, 500)).isZero();
        assertThat(count(1_006, 500, 1_005)).isOne();
        assertThat(after(0, 1_006, 1_005))
                .as("it came up more than an hour ago")
                .isOne();
        assertThat(count(1_001)).as("it has members, and no more is known").isZero();
    }

    @Test
    void whoFindsNoRestIsNotComingUp() {
        assertThat(count(
                        1_186,
                        LongStream.rangeClosed(0, 9).map(i -> 1_005 + 20 * i).toArray()))
                .isEqualTo(10);
        assertThat(count(
                        1_180,
                        LongStream.rangeClosed(0, 8).map(i -> 1_005 + 20 * i).toArray()))
                .isEqualTo(-1);
    }

    @Test
    void whatIsNotKnownIsNotKnown() {
        assertThat(SettledRebalances.count(Rebalances.UNKNOWN, PHASE, PHASE)).isEqualTo(-1);
    }
}
