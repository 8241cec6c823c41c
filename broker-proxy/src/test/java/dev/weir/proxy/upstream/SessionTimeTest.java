package dev.weir.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionTimeTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "10, 8", "150, 127", "3600000, 3060000"})
    void aSessionIsLeftBeforeItEnds(long lifetimeMillis, long usedMillis) {
        assertThat(SessionTime.usedMillis(lifetimeMillis)).isEqualTo(usedMillis);
    }

    @Test
    void oneThatNeverEndsIsNoMistake() {
        assertThat(SessionTime.usedMillis(Long.MAX_VALUE)).isBetween(1L, Long.MAX_VALUE);
    }
}
