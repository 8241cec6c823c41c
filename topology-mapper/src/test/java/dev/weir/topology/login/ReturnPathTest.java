package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"/", "/?view=lag&find=team%3Dpayments", "/api/v1/lag?window=5m"})
    void aPlaceOfThisServerIsGoneBackTo(String path) {
        assertThat(ReturnPath.of(path)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example/",
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\t/evil.example",
                "javascript:alert(1)",
                "evil.example",
                "/x\r\nSet-Cookie: a=b",
                "/login?to=/login",
                "/login/callback?code=1",
                "/%zz",
                "/\u202e"
            })
    void anotherPlaceIsNot(String path) {
        assertThat(ReturnPath.of(path)).isEqualTo("/");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_000, 1_000_000})
    void whatIsVeryLongIsForgotten(int length) {
        assertThat(ReturnPath.of("/" + "x".repeat(length))).isEqualTo("/");
    }
}
