package dev.weir.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The arithmetic of a rate, under a clock that is set by hand. */
class TokenBucketTest {
    private static final long MILLI = 1_000_000;
    private static final long OWED_MAX = 60_000_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long RATE = 1_000;

    private long now = 5 * SECOND;
    private final TokenBucket bucket = new TokenBucket(now, SECOND);

    private long take(long amount) {
        return bucket.take(amount, RATE, SECOND, OWED_MAX, now, false);
    }

    @Test
    void beginsWithAWholeBurst() {
        assertThat(take(1_000)).isZero();
        assertThat(take(1)).isEqualTo(MILLI);
        assertThat(bucket.used()).isEqualTo(1_001);
    }

    @Test
    void whatIsTakenTooMuchIsOwedUntilItIsPaid() {
        take(1_000);
        assertThat(take(500)).isEqualTo(500 * MILLI);
        now += 200 * MILLI;
        assertThat(take(0)).isEqualTo(300 * MILLI);
        now += 300 * MILLI;
        assertThat(take(0)).isZero();
        assertThat(take(250)).isEqualTo(250 * MILLI);
    }

    @Test
    void aRequestThatIsLargerThanTheBurstIsTakenAndOwed() {
        assertThat(take(5_000)).isEqualTo(4 * SECOND);
    }

    @Test
    void noMoreThanABurstIsSavedUp() {
        take(1_000);
        now += 3_600 * SECOND;
        assertThat(take(1_000)).isZero();
        assertThat(take(1_000)).isEqualTo(SECOND);
    }

    @Test
    void aNewRateHoldsFromItsFirstRequest() {
        take(1_000);
        assertThat(bucket.take(100, 10 * RATE, SECOND, OWED_MAX, now, false)).isEqualTo(10 * MILLI);
    }

    @Test
    void whatNobodyWaitsForIsForgotten() {
        bucket.take(1_000, RATE, SECOND, OWED_MAX, now, true);
        assertThat(bucket.take(700, RATE, SECOND, OWED_MAX, now, true)).isEqualTo(700 * MILLI);
        assertThat(bucket.take(700, RATE, SECOND, OWED_MAX, now, true)).isEqualTo(700 * MILLI);
        now += 100 * MILLI;
        assertThat(take(100)).as("nothing is owed of all that").isZero();
    }

    @Test
    void largeAmountsDoNotOverflow() {
        TokenBucket slow = new TokenBucket(0, SECOND);
        assertThat(slow.take(Integer.MAX_VALUE, 1_000, SECOND, OWED_MAX, 0, false))
                .isPositive();
        TokenBucket fast = new TokenBucket(Long.MAX_VALUE - 10, SECOND);
        assertThat(fast.take(1_000, 1_000_000_000_000L, SECOND, OWED_MAX, Long.MIN_VALUE + 10, false))
                .as("the clock of a JVM may pass its end")
                .isZero();
    }

    @Test
    void whoeverWaitsAsToldKeepsTheRate() {
        Random random = new Random(42);
        long begun = now;
        long taken = 0;
        long largest = 0;
        for (int i = 0; i < 10_000; i++) {
            long amount = random.nextInt(400);
            largest = Math.max(largest, amount);
            taken += amount;
            long owed = take(amount);
            assertThat(taken - RATE - largest).isLessThanOrEqualTo((now - begun) * RATE / SECOND);
            now += owed + random.nextInt(3) * random.nextInt(100) * MILLI;
        }
        assertThat(taken).as("and may use it").isGreaterThan((now - begun) * RATE / SECOND / 2);
    }

    @Test
    void nothingIsLostBetweenThreads() {
        IntStream.range(0, 8).parallel().forEach(thread -> {
            for (int i = 0; i < 1_000; i++) {
                take(1);
            }
        });
        assertThat(take(0)).isEqualTo(7 * SECOND);
    }

    /** Nobody waits for longer, so there would be no end of it. */
    @Test
    void noMoreIsOwedThanSomebodyWaitsFor() {
        assertThat(take(1_000 * RATE)).isEqualTo(OWED_MAX);
        assertThat(take(1_000 * RATE)).isEqualTo(OWED_MAX);
        now += OWED_MAX;
        assertThat(take(0)).as("after that time").isZero();
    }
}
