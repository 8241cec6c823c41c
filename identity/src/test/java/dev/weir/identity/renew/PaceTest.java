package dev.weir.identity.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long SEED = 20_260_101;

    @Test
    void renewsAtTwoThirdsOfALifeOrALittleBefore() {
        Duration day = Duration.ofHours(24);
        assertThat(new Pace(() -> 0).renewal(day)).isEqualTo(Duration.ofHours(16));
        assertThat(new Pace(() -> 1).renewal(day)).isEqualTo(Duration.ofMinutes(864));
        assertThat(new Pace(() -> 0).renewal(Duration.ofSeconds(-5))).isPositive();
        assertThat(new Pace(() -> 0).refresh(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(new Pace(() -> 1).refresh(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(27));
    }

    @Test
    void waitsLongerAfterEachFailureUpToAMinute() {
        Random random = new Random(SEED);
        Pace pace = new Pace(random::nextDouble);
        long longest = 1_000;
        for (int failures = 1; failures < 50; failures++) {
            assertThat(pace.retry(failures).toMillis())
                    .as("failure %d, seed %d", failures, SEED)
                    .isBetween(longest / 2, longest);
            longest = Math.min(60_000, longest * 2);
        }
    }
}
