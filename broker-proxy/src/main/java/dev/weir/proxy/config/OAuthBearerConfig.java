package dev.weir.proxy.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose tokens a listener accepts for SASL/OAUTHBEARER (RFC 7628, KIP-768), and what it takes from them.
 *
 * @param issuer the {@code iss} that tokens must have, and where OpenID Connect discovery begins
 * @param jwksUrl where the issuer's keys are, or {@code null} to ask discovery
 * @param audiences the {@code aud} that tokens must have, any of these; at least one
 * @param algorithms names of signature algorithms (RFC 7518, 8037) that are accepted; all of them asymmetric
 * @param principalClaim the claim that names the principal; {@code a.b} is the member b of the object a
 * @param groupsClaim a claim whose values policy sees as the claim {@code groups}, or empty for none
 * @param clockSkewMillis by how much the issuer's clock may differ
 * @param keysRefreshMillis how often the keys are asked for
 * @param keysKeptMillis how long the last good keys serve while the issuer cannot be asked
 * @param trust PEM file of the authorities that sign the issuer's own certificate, or {@code null} for the JDK's
 */
public record OAuthBearerConfig(
        String issuer,
        @Nullable URI jwksUrl,
        List<String> audiences,
        List<String> algorithms,
        String principalClaim,
        String groupsClaim,
        long clockSkewMillis,
        long keysRefreshMillis,
        long keysKeptMillis,
        @Nullable Path trust) {

    /** Every algorithm that may be accepted. HMACs are not among them: anybody could sign with a key that is public. */
    public static final List<String> ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

    public static final String PRINCIPAL_CLAIM_DEFAULT = "sub";
    public static final long CLOCK_SKEW_DEFAULT_MILLIS = 30_000;
    public static final long KEYS_REFRESH_DEFAULT_MILLIS = 300_000;
    public static final long KEYS_KEPT_DEFAULT_MILLIS = 3_600_000;

    public OAuthBearerConfig {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        if (audiences.isEmpty() || !ALGORITHMS.containsAll(algorithms) || algorithms.isEmpty()) {
            throw new IllegalArgumentException("expected an audience, and algorithms of " + ALGORITHMS);
        }
    }
}
