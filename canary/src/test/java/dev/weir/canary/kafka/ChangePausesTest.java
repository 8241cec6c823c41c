package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangePausesTest {
    private static final String CANARY = "payments";
    private static final long FIRST = TimeUnit.SECONDS.toNanos(2);

    private final ChangePauses pauses = new ChangePauses(FIRST);
    private long nowNanos = -1;

    @Test
    void eachPauseIsTwiceAsLongAsTheOneBeforeUntilItIsLongEnough() {
        assertThat(pauses.isPausing(CANARY, nowNanos)).isFalse();
        for (long factor : new long[] {1, 2, 4, 8, 16, 16, 16}) {
            pauses.givenUp(CANARY, nowNanos);
            nowNanos += factor * FIRST - 1;
            assertThat(pauses.isPausing(CANARY, nowNanos)).isTrue();
            nowNanos++;
            assertThat(pauses.isPausing(CANARY, nowNanos)).isFalse();
            nowNanos += TimeUnit.SECONDS.toNanos(2); // the next try
        }
    }

    @Test
    void whatIsSaidTwiceOfOneChangeCountsOnce() {
        pauses.givenUp(CANARY, nowNanos);
        pauses.givenUp(CANARY, nowNanos + 1);
        assertThat(pauses.isPausing(CANARY, nowNanos + FIRST)).isFalse();
    }

    @Test
    void afterASuccessOrAnotherWishThereIsNoPauseAndTheNextOneIsShort() {
        pauses.givenUp(CANARY, nowNanos);
        pauses.givenUp(CANARY, nowNanos + FIRST);
        pauses.forget(CANARY);
        assertThat(pauses.isPausing(CANARY, nowNanos + FIRST)).isFalse();

        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.isPausing(CANARY, nowNanos + FIRST)).isFalse();
    }

    @Test
    void otherCanariesAreNotLeftAlone() {
        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.isPausing("orders", nowNanos)).isFalse();
    }
}
