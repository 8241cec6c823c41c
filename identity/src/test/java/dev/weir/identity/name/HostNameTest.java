package dev.weir.identity.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.identity.IdentityException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "kafka.mesh.example, kafka.mesh.example, false",
        "Kafka, kafka, false",
        "*.Kafka.mesh, *.kafka.mesh, false",
        "10.0.0.1, 10.0.0.1, true",
        "::1, ::1, true",
        "2001:DB8::1, 2001:db8::1, true"
    })
    void isANameOrAnAddress(String text, String value, boolean address) throws IdentityException {
        assertThat(HostName.of(text)).isEqualTo(new HostName(value, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kafka:9192",
                "-kafka",
                "kafka-",
                "a..b",
                "*",
                "a.*.b",
                "*a.b",
                "10.0.0.256",
                "1.2.3",
                "[::1]",
                "1:2",
                "k k"
            })
    void isNothingElse(String text) {
        assertThatThrownBy(() -> HostName.of(text)).hasMessageContaining("cannot name a listener");
    }
}
