package dev.weir.proxy.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private static final long START = 7_000_000_000L;

    private final Rounds rounds = new Rounds(1_000, START);

    @Test
    void allLoopsEndARoundAtOnceWheneverTheyBegan() {
        assertThat(rounds.untilEndMillis(at(0))).isEqualTo(1_000);
        assertThat(rounds.untilEndMillis(at(1))).isEqualTo(999);
        assertThat(rounds.untilEndMillis(at(2_400))).isEqualTo(600);
        assertThat(rounds.untilEndMillis(at(2_999))).isEqualTo(1);
    }

    @Test
    void theReporterComesShortlyAfterThem() {
        assertThat(rounds.untilTakenMillis(at(0))).isEqualTo(125);
        assertThat(rounds.untilTakenMillis(at(125))).isEqualTo(1_000);
        assertThat(rounds.untilTakenMillis(at(1_130))).isEqualTo(995);
    }

    private static long at(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
