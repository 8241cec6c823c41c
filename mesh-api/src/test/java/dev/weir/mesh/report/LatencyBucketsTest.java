package dev.weir.mesh.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyBucketsTest {

    @Test
    void everyBucketHoldsWhatItSaysThatItHolds() {
        for (int bucket = LatencyBuckets.PER_DOUBLING * 5; bucket < LatencyBuckets.LAST; bucket++) {
            long least = (long) Math.ceil(LatencyBuckets.floorMicros(bucket) * (1 + 1e-12));
            assertThat(LatencyBuckets.of(least)).isEqualTo(bucket);
        }
    }

    @Test
    void aValueReadBackIsOffByLittle() {
        for (long micros = 40; micros < 40_000_000_000L; micros = micros * 17 / 16 + 1) {
            assertThat(LatencyBuckets.middleMicros(LatencyBuckets.of(micros)) / micros)
                    .isCloseTo(1, within(0.0223));
        }
    }

    @Test
    void theEndsHoldAllThatIsBeyondThem() {
        assertThat(LatencyBuckets.of(-5)).isZero();
        assertThat(LatencyBuckets.of(0)).isZero();
        assertThat(LatencyBuckets.of(Long.MAX_VALUE)).isEqualTo(LatencyBuckets.LAST);
    }
}
