package dev.weir.proxy.authenticate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    /** PBKDF2-HMAC-SHA256 with salt "NaClNaCl", from Python's hashlib. */
    private static final String KNOWN = "pbkdf2-sha256$10000$TmFDbE5hQ2w=$Ly2KWm82ptJABMP3EMv6UGAvXBBKPsg1LrVCekp9QF8=";

    @Test
    void verifiesWhatItCreated() {
        PasswordHash hash = PasswordHash.create("correct horse", PasswordHash.ITERATIONS_MIN);
        assertThat(hash.verify("correct horse")).isTrue();
        assertThat(hash.verify("correct horsE")).isFalse();
        assertThat(hash.verify("")).isFalse();
        assertThat(PasswordHash.parse(hash.encoded()).verify("correct horse")).isTrue();
    }

    @Test
    void agreesWithAnotherImplementation() {
        assertThat(PasswordHash.parse(KNOWN).verify("pässword €")).isTrue();
    }

    @Test
    void saltsEveryHash() {
        assertThat(PasswordHash.create("same", PasswordHash.ITERATIONS_MIN).encoded())
                .isNotEqualTo(
                        PasswordHash.create("same", PasswordHash.ITERATIONS_MIN).encoded());
    }

    @Test
    void showsNeitherSaltNorHash() {
        assertThat(PasswordHash.parse(KNOWN)).hasToString("PasswordHash[pbkdf2-sha256, 10000 iterations]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "pbkdf2-sha256$10000$AAAAAAAAAAAAAAAAAAAAAA==",
                "pbkdf2-sha256$9999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$999999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$10000$A=A$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$10000$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "pbkdf2-sha256$10000$AAAAAAAAAAAAAAAAAAAAAA==$AAAA",
                "pbkdf2-sha512$10000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
            })
    void refusesWhatIsNoHash(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> PasswordHash.parse(text));
    }
}
