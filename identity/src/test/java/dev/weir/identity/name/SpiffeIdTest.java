package dev.weir.identity.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.identity.IdentityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {

    @Test
    void isTheUriThatPolicyNames() throws IdentityException {
        TrustDomain shop = TrustDomain.of("shop");
        assertThat(SpiffeId.of(shop, "payments").uri()).isEqualTo("spiffe://shop/payments");
        assertThat(SpiffeId.of(shop, "eu/Payments_2.0")).hasToString("spiffe://shop/eu/Payments_2.0");
    }

    @ParameterizedTest
    @CsvSource({
        "'', a part of it is empty",
        "/payments, a part of it is empty",
        "payments/, a part of it is empty",
        "eu//payments, a part of it is empty",
        "../payments, \"..\" would mean another folder",
        "., \".\" would mean another folder",
        "pay ments, \"pay ments\" holds what a SPIFFE id may not",
        "pay*, \"pay*\" holds what a SPIFFE id may not",
        "päyments, \"p\\u00e4yments\" holds what a SPIFFE id may not",
        "pay%6dents, \"pay%6dents\" holds what a SPIFFE id may not"
    })
    void saysWhatIsWrongWithAName(String path, String wrong) throws IdentityException {
        TrustDomain shop = TrustDomain.of("shop");
        assertThatThrownBy(() -> SpiffeId.of(shop, path))
                .isInstanceOf(IdentityException.class)
                .hasMessageContaining(wrong)
                .hasMessageContaining("such as payments or eu/payments");
    }

    @Test
    void hasABoundAndShowsNoControlCharacters() throws IdentityException {
        TrustDomain shop = TrustDomain.of("shop");
        assertThatThrownBy(() -> SpiffeId.of(shop, "a".repeat(2035))).hasMessageContaining("at most 2048");
        assertThat(SpiffeId.of(shop, "a".repeat(2034)).uri()).hasSize(2048);
        assertThatThrownBy(() -> SpiffeId.of(shop, "pay\nments\u0000")).hasMessageContaining("pay\\u000aments\\u0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "spiffe://shop", "shop/eu", "shop:1", "sh op", "shöp"})
    void aTrustDomainIsANameAlone(String name) {
        assertThatThrownBy(() -> TrustDomain.of(name)).hasMessageContaining("is no trust domain");
    }
}
