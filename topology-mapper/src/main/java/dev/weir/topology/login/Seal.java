package dev.weir.topology.login;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals what a browser is to keep and may neither read nor change: JWE (RFC 7516) with AES-256 in Galois/Counter Mode. A
 * seal is of one purpose, and opens for that alone, until it expires. Any thread.
 */
final class Seal {
    private static final int LENGTH_MAX = 4_096;
    private static final String PURPOSE = "weir";
    private static final JWEHeader HEADER = new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A256GCM);

    private final SecretKey key;
    private final Clock clock;

    /** @param key of AES-256, or {@code null} for a new one that nobody else has */
    Seal(@Nullable SecretKey key, Clock clock) {
        this.key = key == null ? random() : key;
        this.clock = clock;
    }

    private static SecretKey random() {
        byte[] key = new byte[OidcSettings.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    String close(String purpose, JWTClaimsSet.Builder claims, long expiresAtMillis) {
        JWTClaimsSet whole = claims.claim(PURPOSE, purpose)
                .expirationTime(Date.from(Instant.ofEpochMilli(expiresAtMillis)))
                .build();
        EncryptedJWT closed = new EncryptedJWT(HEADER, whole);
        try {
            closed.encrypt(new DirectEncrypter(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of 32 bytes seals", e);
        }
        return closed.serialize();
    }

    /** What was sealed; empty for what was not sealed here for this purpose, or has expired. */
    Optional<JWTClaimsSet> open(String purpose, String closed) {
        if (closed.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        try {
            EncryptedJWT jwt = EncryptedJWT.parse(closed);
            if (!JWEAlgorithm.DIR.equals(jwt.getHeader().getAlgorithm())
                    || !EncryptionMethod.A256GCM.equals(jwt.getHeader().getEncryptionMethod())) {
                return Optional.empty();
            }
            jwt.decrypt(new DirectDecrypter(key));
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            boolean good = claims != null
                    && purpose.equals(claims.getStringClaim(PURPOSE))
                    && claims.getExpirationTime() != null
                    && claims.getExpirationTime().toInstant().isAfter(clock.instant());
            return good ? Optional.of(claims) : Optional.empty();
        } catch (ParseException | JOSEException | IllegalStateException e) {
            return Optional.empty();
        }
    }
}
