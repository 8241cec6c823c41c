package dev.weir.identity.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.identity.IdentityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultReferenceTest {

    @Test
    void namesASecretsFieldOrAPartOfACertificate() throws IdentityException {
        assertThat(VaultReference.parse("vault:kv/data/weir/kafka#password"))
                .isEqualTo(new VaultReference("kv/data/weir/kafka", "password"))
                .hasToString("vault:kv/data/weir/kafka#password");
        assertThat(VaultReference.parse("vault:listener#key").isCertificate()).isTrue();
        assertThat(VaultReference.parse("vault:kv/data/a#key").isCertificate()).isFalse();
        assertThat(VaultReference.isMeantBy("vault")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vault:",
                "vault:kv/data/a",
                "vault:#field",
                "vault:/kv#a",
                "vault:kv//a#a",
                "vault:kv/../sys#a",
                "vault:kv/data/a#b#c",
                "vault:kv/data/a?version=1#b",
                "vault:listener#chain"
            })
    void isNothingElse(String text) {
        assertThatThrownBy(() -> VaultReference.parse(text)).isInstanceOf(IdentityException.class);
    }
}
