package dev.weir.mesh.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepetitionTest {
    private final Repetition repetition = new Repetition();

    @Test
    void theSameIsNewsOnceAMinute() {
        assertThat(repetition.isNews("no broker at port 1", 1_000)).isTrue();
        assertThat(repetition.isNews("no broker at port 1", 1_000)).isFalse();
        assertThat(repetition.isNews("no broker at port 2", 60_999)).isFalse();
        assertThat(repetition.isNews("no broker at port 1", 61_000)).isTrue();
        assertThat(repetition.isNews("no broker at port 1", 61_001)).isFalse();
    }

    @Test
    void anotherIsNewsAtOnce() {
        assertThat(repetition.isNews("not authorized", 0)).isTrue();
        assertThat(repetition.isNews("no broker", 1)).isTrue();
        assertThat(repetition.isNews("not authorized", 2)).isTrue();
    }

    @Test
    void whatWasOverIsNewsWhenItBeginsAgain() {
        assertThat(repetition.isNews("no broker", 0)).isTrue();
        repetition.over();
        assertThat(repetition.isNews("no broker", 1)).isTrue();
        assertThat(repetition.isNews("no broker", 2)).isFalse();
    }
}
