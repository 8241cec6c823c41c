package dev.weir.mesh.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {

    @Test
    void oneIsNotMany() {
        assertThat(Counted.of(0, "byte")).isEqualTo("0 bytes");
        assertThat(Counted.of(1, "byte")).isEqualTo("1 byte");
        assertThat(Counted.of(2, "property", "properties")).isEqualTo("2 properties");
        assertThat(Counted.of(1, "property", "properties")).isEqualTo("1 property");
    }
}
