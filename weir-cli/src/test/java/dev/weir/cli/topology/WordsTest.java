package dev.weir.cli.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void timesHaveTwoUnitsAtMost() {
        assertThat(List.of(-1L, 0L, 40L, 1_500L, 12_300L, 200_000L, 3_600_000L, 7_500_000L, 273_600_000L))
                .map(Words::time)
                .containsExactly("-", "0", "40 ms", "1.5 s", "12 s", "3 min 20 s", "1 h", "2 h 5 min", "3 d 4 h");
    }

    @Test
    void figuresStayShort() {
        assertThat(Words.rate(0)).isEqualTo("0");
        assertThat(Words.rate(0.25)).isEqualTo("0.3/s");
        assertThat(Words.rate(12_345)).isEqualTo("12k/s");
        assertThat(Words.bytes(1_250)).isEqualTo("1.3 kB/s");
        assertThat(Words.bytes(250)).isEqualTo("250 B/s");
        assertThat(Words.count(9_999)).isEqualTo("9999");
        assertThat(Words.count(12_345_678)).isEqualTo("12M");
        assertThat(Words.count(-1)).isEqualTo("-");
        assertThat(Words.percent(0.9999)).isEqualTo("99.99 %");
        assertThat(Words.percent(-1)).isEqualTo("-");
    }

    @Test
    void sparklinesScaleWithTheirHighestAndShowGaps() {
        assertThat(new Sparkline(false).of(List.of(5L, -1L, 0L, 1L, 50L, 100L), 5))
                .isEqualTo(" _.:#");
        assertThat(new Sparkline(true).of(List.of(0L, 0L), 4)).isEqualTo("  \u2581\u2581");
    }
}
