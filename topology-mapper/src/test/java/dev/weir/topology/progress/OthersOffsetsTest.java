package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.state.v1.GroupLedgerState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OthersOffsetsTest {
    private final OthersOffsets others = new OthersOffsets();

    private void add(long from, long end, long atMillis) {
        others.add(from, end, atMillis, 2);
    }

    private List<String> rest(long from, long end) {
        List<String> parts = new ArrayList<>();
        others.rest(from, end, (first, last) -> parts.add(first + "-" + last));
        return parts;
    }

    @Test
    void withoutAnyAllIsTheGroupsOwn() {
        assertThat(others.after(7)).isEqualTo(7);
        assertThat(others.givenMillis(7)).isEqualTo(-1);
        assertThat(rest(7, 9)).containsExactly("7-9");
        assertThat(rest(9, 9)).isEmpty();
    }

    @Test
    void whatIsBetweenThemIsLeft() {
        add(30, 40, 3);
        add(10, 20, 1);

        assertThat(rest(0, 50)).containsExactly("0-10", "20-30", "40-50");
        assertThat(rest(15, 35)).containsExactly("20-30");
        assertThat(rest(10, 20)).isEmpty();
        assertThat(List.of(others.after(9), others.after(10), others.after(19), others.after(20)))
                .containsExactly(9L, 20L, 20L, 20L);
        assertThat(List.of(others.givenMillis(9), others.givenMillis(10), others.givenMillis(30)))
                .containsExactly(1L, 3L, -1L);
    }

    @Test
    void thoseThatMeetAreOneWhicheverIsToldFirst() {
        add(20, 30, 2);
        add(10, 20, 1);
        add(30, 40, 3);
        add(25, 28, 4);

        assertThat(rest(0, 50)).containsExactly("0-10", "40-50");
        assertThat(others.givenMillis(0)).isEqualTo(1);
    }

    @Test
    void thatARecordWasGivenIsKnownThoughNothingFollows() {
        add(10, 10, 5);
        add(10, 12, 9);

        assertThat(others.givenMillis(3)).as("since the first time").isEqualTo(5);
        assertThat(rest(3, 20)).containsExactly("3-10", "12-20");
    }

    @Test
    void whatNobodyAsksForIsForgotten() {
        add(10, 20, 1);
        add(30, 40, 3);
        others.forget(20);
        assertThat(rest(0, 50)).containsExactly("0-30", "40-50");

        others.cut(39);
        assertThat(rest(0, 50)).as("the log was made anew").containsExactly("0-50");
    }

    @Test
    void theOldestAndTheNewestAreKept() {
        for (int i = 0; i < 1_000; i++) {
            add(i * 10L, i * 10L + 5, i);
        }

        assertThat(others.after(2)).isEqualTo(5);
        assertThat(others.after(9_991)).isEqualTo(9_995);
        assertThat(rest(0, 9_995)).hasSizeLessThan(OthersOffsets.MAX);
        assertThat(others.givenMillis(2))
                .as("since when it has what it has not committed")
                .isEqualTo(1);
    }

    /** While a topology catches up it hears of many that are long committed. */
    @Test
    void theyAreFewWhereverTheGroupIs() {
        for (int i = 0; i < 1_000; i++) {
            others.add(i * 10L, i * 10L + 5, i, 9_000);
        }

        assertThat(others.givenMillis(9_000)).isEqualTo(901);
        GroupLedgerState.Builder state = GroupLedgerState.newBuilder();
        others.save(state);
        assertThat(state.getOthersFromCount()).isLessThanOrEqualTo(OthersOffsets.MAX);
    }

    @Test
    void theyAreKeptAsTheyAre() {
        add(10, 20, 1);
        add(30, 30, 3);
        GroupLedgerState.Builder state = GroupLedgerState.newBuilder();
        others.save(state);
        OthersOffsets restored = new OthersOffsets();
        restored.restore(state.build());

        assertThat(restored.after(10)).isEqualTo(20);
        assertThat(restored.givenMillis(20)).isEqualTo(3);
    }
}
