package dev.weir.proxy.authenticate.token;

import dev.weir.proxy.config.OAuthBearerConfig;
import java.security.Key;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Checks tokens (RFC 7519, 8725): the signature, by an algorithm of the list and a key of the issuer that is made for it;
 * then issuer, audience and times. What a token says about keys itself ({@code jwk}, {@code jku}, {@code x5c}) counts for
 * nothing. Any thread, but never an event loop.
 */
final class TokenVerifier {
    /** Of a token; those of identity providers have one to four kilobytes. */
    private static final int TOKEN_LENGTH_MAX = 64 * 1024;

    /** How many keys are tried for a token that names none. */
    private static final int KEYS_MAX = 8;

    private record Reason(int code, String words) {}

    private record Header(String algorithm, @Nullable String keyId) {}

    private static final List<Reason> REASONS = List.of(
            new Reason(ErrorCodes.SIGNATURE_INVALID, "the token's signature is not the issuer's"),
            new Reason(ErrorCodes.SIGNATURE_MISSING, "the token is not signed"),
            new Reason(ErrorCodes.ISSUER_INVALID, "the token is of another issuer"),
            new Reason(ErrorCodes.ISSUER_MISSING, "the token names no issuer"),
            new Reason(ErrorCodes.AUDIENCE_INVALID, "the token is for another audience"),
            new Reason(ErrorCodes.AUDIENCE_MISSING, "the token names no audience"),
            new Reason(ErrorCodes.EXPIRED, "the token has expired"),
            new Reason(ErrorCodes.EXPIRATION_MISSING, "the token does not expire"),
            new Reason(ErrorCodes.NOT_YET_VALID, "the token is not valid yet"));

    private final OAuthBearerConfig config;
    private final IssuerKeys keys;
    private final Executor workers;
    private final AlgorithmConstraints algorithms;

    TokenVerifier(OAuthBearerConfig config, IssuerKeys keys, Executor workers) {
        this.config = config;
        this.keys = keys;
        this.workers = workers;
        this.algorithms = new AlgorithmConstraints(
                ConstraintType.PERMIT, config.algorithms().toArray(String[]::new));
    }

    /** How a token was found. */
    sealed interface Verdict {
        /**
         * It is good.
         *
         * @param thumbprint of the key that signed it
         * @param expiresAtMillis epoch milliseconds
         */
        record Good(Map<String, Object> claims, String thumbprint, long expiresAtMillis) implements Verdict {}

        /** It is not; the reason shows nothing of it. */
        record Bad(String reason) implements Verdict {}

        /** There are no keys to check it with. */
        record Unknown() implements Verdict {}
    }

    CompletionStage<Verdict> verify(String token) {
        Header header;
        try {
            header = read(token);
        } catch (InvalidTokenException e) {
            return CompletableFuture.completedStage(new Verdict.Bad(String.valueOf(e.getMessage())));
        }
        CompletableFuture<List<PublicJsonWebKey>> found =
                keys.matching(header.keyId, header.algorithm).toCompletableFuture();
        return found.isDone()
                ? found.thenApply(candidates -> verify(token, candidates))
                // not on the thread that the keys came on
                : found.thenApplyAsync(candidates -> verify(token, candidates), workers);
    }

    private Header read(String token) throws InvalidTokenException {
        if (token.length() > TOKEN_LENGTH_MAX) {
            throw new InvalidTokenException("the token has " + token.length() + " characters");
        }
        try {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setCompactSerialization(token);
            String algorithm = signature.getAlgorithmHeaderValue();
            if (algorithm == null || !config.algorithms().contains(algorithm)) {
                throw new InvalidTokenException("the token is not signed by one of " + config.algorithms());
            }
            return new Header(algorithm, signature.getKeyIdHeaderValue());
        } catch (JoseException | RuntimeException e) { // a member of another type than it should be, for one
            throw new InvalidTokenException("what should be a token is none");
        }
    }

    private Verdict verify(String token, List<PublicJsonWebKey> candidates) {
        if (candidates.isEmpty()) {
            return keys.usable()
                    ? new Verdict.Bad("the issuer has no key as the token names it")
                    : new Verdict.Unknown();
        }
        Verdict verdict = new Verdict.Bad("");
        for (PublicJsonWebKey key : candidates.subList(0, Math.min(candidates.size(), KEYS_MAX))) {
            verdict = verify(token, key);
            if (verdict instanceof Verdict.Good) {
                break;
            }
        }
        return verdict;
    }

    private Verdict verify(String token, PublicJsonWebKey key) {
        try {
            JwtClaims claims = consumer(key.getPublicKey()).build().processToClaims(token);
            long expiresAtMillis = claims.getExpirationTime().getValueInMillis();
            return new Verdict.Good(claims.getClaimsMap(), IssuerKeys.thumbprint(key), expiresAtMillis);
        } catch (InvalidJwtException e) {
            return new Verdict.Bad(reason(e)); // its own message shows the token
        } catch (MalformedClaimException e) {
            return new Verdict.Bad("a claim of the token is malformed");
        }
    }

    private JwtConsumerBuilder consumer(Key key) {
        int skewSeconds = Math.toIntExact(config.clockSkewMillis() / 1_000);
        return new JwtConsumerBuilder()
                .setVerificationKey(key)
                .setJwsAlgorithmConstraints(algorithms)
                .setRequireExpirationTime()
                .setAllowedClockSkewInSeconds(skewSeconds)
                .setExpectedIssuer(true, config.issuer())
                .setExpectedAudience(true, config.audiences().toArray(String[]::new));
    }

    private static String reason(InvalidJwtException e) {
        for (Reason known : REASONS) {
            if (e.hasErrorCode(known.code)) {
                return known.words;
            }
        }
        return "the token is malformed";
    }
}
