package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Weight;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangePausesTest {
    private static final String CANARY = "payments";
    private static final Weight HALF = new Weight(5_000);
    private static final long FIRST = TimeUnit.SECONDS.toNanos(2);

    private final ChangePauses pauses = new ChangePauses(FIRST);
    private long nowNanos = -1;

    @Test
    void eachPauseIsTwiceAsLongAsTheOneBeforeUntilItIsLongEnough() {
        assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isTrue();
        for (long factor : new long[] {1, 2, 4, 8, 16, 16, 16}) {
            pauses.givenUp(CANARY, nowNanos);
            nowNanos += factor * FIRST - 1;
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isFalse();
            nowNanos++;
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isTrue();
            nowNanos += TimeUnit.SECONDS.toNanos(2); // the next try
        }
    }

    @Test
    void whatHoldsNobodyBackIsTriedAgainSoon() {
        for (int i = 0; i < 9; i++) {
            pauses.notBegun(CANARY, nowNanos);
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isFalse();
            nowNanos += FIRST;
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isTrue();
        }
        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.mayTry(CANARY, HALF, nowNanos + FIRST))
                .as("the first pause of one that did")
                .isTrue();
    }

    @Test
    void afterASuccessOrAnotherWishThereIsNoPauseAndTheNextOneIsShort() {
        pauses.givenUp(CANARY, nowNanos);
        pauses.givenUp(CANARY, nowNanos + FIRST);
        pauses.forget(CANARY);
        assertThat(pauses.mayTry(CANARY, HALF, nowNanos + FIRST)).isTrue();

        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.mayTry(CANARY, HALF, nowNanos + FIRST)).isTrue();
    }

    @Test
    void anotherWeightIsTriedAtOnce() {
        for (int i = 0; i < 5; i++) {
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isTrue();
            pauses.givenUp(CANARY, nowNanos);
            assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isFalse();
            nowNanos += TimeUnit.MINUTES.toNanos(1);
        }
        assertThat(pauses.mayTry(CANARY, HALF, nowNanos)).isTrue();
        pauses.givenUp(CANARY, nowNanos);

        assertThat(pauses.mayTry(CANARY, Weight.NONE, nowNanos))
                .as("a bad version has to go")
                .isTrue();
        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.mayTry(CANARY, Weight.NONE, nowNanos)).isFalse();
        assertThat(pauses.mayTry(CANARY, Weight.NONE, nowNanos + FIRST)).isTrue();
    }

    @Test
    void otherCanariesAreNotLeftAlone() {
        pauses.givenUp(CANARY, nowNanos);
        assertThat(pauses.mayTry("orders", HALF, nowNanos)).isTrue();
    }
}
