package dev.weir.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TraceSamplerTest {
    private static final long SECOND_NANOS = 1_000_000_000L;

    @Test
    void takesTheFirstOnesOfEachSecond() {
        TraceSampler sampler = new TraceSampler(2);
        long later = System.nanoTime() + SECOND_NANOS;

        assertThat(sampler.tryTake(later)).isTrue();
        assertThat(sampler.tryTake(later + 1)).isTrue();
        assertThat(sampler.tryTake(later + SECOND_NANOS - 1)).isFalse();
        assertThat(sampler.tryTake(later + SECOND_NANOS)).isTrue();
    }

    @Test
    void takesNoneWhereNoneAreWanted() {
        TraceSampler sampler = new TraceSampler(0);

        assertThat(sampler.tryTake(System.nanoTime() + SECOND_NANOS)).isFalse();
    }
}
