package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.report.Acknowledged.Range;
import org.junit.jupiter.api.Test;

final class AcknowledgedTest {
    private static final byte GAP = 0;
    private static final byte ACCEPT = 1;
    private static final byte RELEASE = 2;
    private static final byte REJECT = 3;
    private static final byte RENEW = 4;

    private final Acknowledged acknowledged = new Acknowledged();

    @Test
    void whatIsAcceptedRejectedOrAGapIsDoneWith() {
        acknowledged.add(ACCEPT, 10, 15);
        acknowledged.add(GAP, 15, 16);
        acknowledged.add(REJECT, 16, 18);
        acknowledged.add(RELEASE, 18, 21);
        acknowledged.add(RENEW, 21, 25);

        assertThat(acknowledged.done()).containsExactly(new Range(10, 18));
        assertThat(acknowledged.accepted()).isEqualTo(5);
        assertThat(acknowledged.rejected()).isEqualTo(2);
        assertThat(acknowledged.released()).isEqualTo(3);
        assertThat(acknowledged.renewed()).isEqualTo(4);
    }

    @Test
    void rangesAreInOrderAndJoined() {
        acknowledged.add(ACCEPT, 30, 40);
        acknowledged.add(ACCEPT, 10, 20);
        acknowledged.add(ACCEPT, 15, 30);
        acknowledged.add(ACCEPT, 50, 51);

        assertThat(acknowledged.done()).containsExactly(new Range(10, 40), new Range(50, 51));
    }

    @Test
    void whatOtherConnectionsSawIsAdded() {
        Acknowledged other = new Acknowledged();
        other.add(ACCEPT, 5, 10);
        other.add(RELEASE, 10, 11);
        acknowledged.add(ACCEPT, 0, 5);
        acknowledged.add(other, 7);
        acknowledged.add(new Acknowledged(), 3);

        assertThat(acknowledged.done()).containsExactly(new Range(0, 10));
        assertThat(acknowledged.accepted()).isEqualTo(10);
        assertThat(acknowledged.released()).isEqualTo(1);
        assertThat(acknowledged.atMillis()).isEqualTo(7);
    }

    @Test
    void moreRangesThanThereIsRoomForAreCountedAndNeverJoinedOverWhatIsNotDone() {
        for (int i = 0; i < 5_000; i++) {
            acknowledged.add(ACCEPT, 2L * i, 2L * i + 1);
        }

        assertThat(acknowledged.accepted()).isEqualTo(5_000);
        assertThat(acknowledged.done())
                .hasSize(1_024)
                .allSatisfy(range -> assertThat(range.end() - range.first()).isEqualTo(1));
    }

    @Test
    void roomIsMadeByJoining() {
        for (int i = 0; i < 5_000; i += 2) {
            acknowledged.add(ACCEPT, i + 1, i + 2);
            acknowledged.add(ACCEPT, i, i + 1);
        }

        assertThat(acknowledged.done()).containsExactly(new Range(0, 5_000));
    }
}
