package dev.weir.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClientsTest {
    private static boolean fits(String pattern, String clientId, String... except) {
        return new Clients("payments", pattern, List.of(except)).fits("payments", clientId);
    }

    @Test
    void aPatternIsANameOrABeginning() {
        assertThat(fits("pay-v1", "pay-v1")).isTrue();
        assertThat(fits("pay-v1", "pay-v1-1")).isFalse();
        assertThat(fits("pay-v1*", "pay-v1-1")).isTrue();
        assertThat(fits("pay-v1*", "pay-v2")).isFalse();
        assertThat(fits("*", "")).isTrue();
        assertThat(fits("", "")).isTrue();
        assertThat(fits("", "a")).isFalse();
    }

    @Test
    void anAsteriskCanBeMeant() {
        assertThat(fits("pay\\*", "pay*")).isTrue();
        assertThat(fits("pay\\*", "pay-1")).isFalse();
        assertThat(fits("pay\\*", "pay")).isFalse();
        assertThat(fits("pay\\*", "pay*1")).isFalse();
    }

    @Test
    void whatIsSomebodyElsesIsExcepted() {
        assertThat(fits("pay*", "pay-v2-1", "pay-v2*")).isFalse();
        assertThat(fits("pay*", "pay-v1-1", "pay-v2*")).isTrue();
        assertThat(new Clients("payments", "*", List.of()).fits("fraud", "pay")).isFalse();
    }
}
