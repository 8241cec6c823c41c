package dev.weir.mesh.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepetitionTest {
    /** It may turn over at any time. */
    private long nowNanos = Long.MAX_VALUE - 1_000_000_000L;

    private final Repetition repetition = new Repetition(1, () -> nowNanos);

    @Test
    void theSameIsNewsOnceAMinute() {
        assertThat(repetition.isNews("no broker at port 1")).isTrue();
        assertThat(repetition.isNews("no broker at port 1")).isFalse();
        nowNanos += 59_999_999_999L;
        assertThat(repetition.isNews("no broker at port 2")).isFalse();
        nowNanos++;
        assertThat(repetition.isNews("no broker at port 1")).isTrue();
        assertThat(repetition.isNews("no broker at port 1")).isFalse();
    }

    @Test
    void anotherIsNewsAtOnce() {
        assertThat(repetition.isNews("not authorized")).isTrue();
        assertThat(repetition.isNews("no broker")).isTrue();
        assertThat(repetition.isNews("not authorized")).isTrue();
    }

    @Test
    void ofSeveralKindsNoneIsNewsAgain() {
        Repetition several = new Repetition(2, () -> nowNanos);
        assertThat(several.isNews("not authorized")).isTrue();
        assertThat(several.isNews("no broker")).isTrue();
        assertThat(several.isNews("not authorized")).isFalse();
        assertThat(several.isNews("no topic")).isTrue();
        assertThat(several.isNews("no broker")).as("the last two are known").isFalse();
        assertThat(several.isNews("not authorized")).isTrue();
    }

    @Test
    void ofWhatIsLongTheBeginningTells() {
        assertThat(repetition.isNews("x".repeat(400) + "a")).isTrue();
        assertThat(repetition.isNews("x".repeat(400) + "b")).isFalse();
    }

    @Test
    void whatWasOverIsNewsWhenItBeginsAgain() {
        assertThat(repetition.isNews("no broker")).isTrue();
        repetition.over();
        assertThat(repetition.isNews("no broker")).isTrue();
        assertThat(repetition.isNews("no broker")).isFalse();
    }
}
