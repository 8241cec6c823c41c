package dev.weir.topology.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final byte[] KEY = new byte[OidcSettings.KEY_BYTES];
    private static final long LATER = NOON.toEpochMilli() + 60_000;

    private static Seal at(Instant instant, byte[] key) {
        return new Seal(key == null ? null : new SecretKeySpec(key, "AES"), Clock.fixed(instant, ZoneOffset.UTC));
    }

    private final Seal seal = at(NOON, KEY);
    private final String closed = seal.close("session", new JWTClaimsSet.Builder().subject("ann"), LATER);

    @Test
    void opensForItsPurposeUntilItExpiresOnEveryInstance() throws Exception {
        assertThat(at(NOON, KEY).open("session", closed).orElseThrow().getSubject())
                .isEqualTo("ann");
        assertThat(seal.open("login", closed)).isEmpty();
        assertThat(at(NOON.plusSeconds(60), KEY).open("session", closed)).isEmpty();
        assertThat(closed).doesNotContain("ann");
    }

    @Test
    void whatWasNotSealedHereDoesNotOpen() throws Exception {
        byte[] other = new byte[OidcSettings.KEY_BYTES];
        other[0] = 1;
        assertThat(at(NOON, other).open("session", closed)).isEmpty();
        assertThat(at(NOON, null).open("session", closed)).isEmpty();
        int middle = closed.length() - 30;
        char flipped = closed.charAt(middle) == 'A' ? 'B' : 'A';
        assertThat(seal.open("session", closed.substring(0, middle) + flipped + closed.substring(middle + 1)))
                .isEmpty();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .claim("weir", "session")
                .expirationTime(new Date(LATER))
                .build();
        assertThat(seal.open("session", new PlainJWT(claims).serialize())).isEmpty();
        EncryptedJWT zipped = new EncryptedJWT(new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A128CBC_HS256), claims);
        zipped.encrypt(new DirectEncrypter(KEY));
        assertThat(seal.open("session", zipped.serialize())).isEmpty();
        for (String nothing : new String[] {"", ".", "....", "a.b.c.d.e", "x".repeat(100_000)}) {
            assertThat(seal.open("session", nothing)).isEmpty();
        }
    }
}
