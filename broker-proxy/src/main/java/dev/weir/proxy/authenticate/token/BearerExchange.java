package dev.weir.proxy.authenticate.token;

import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.PrincipalNames;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.authenticate.Validity;
import dev.weir.proxy.authenticate.token.TokenVerifier.Verdict;
import dev.weir.proxy.config.OAuthBearerConfig;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One OAUTHBEARER exchange (RFC 7628, KIP-255): the token, and an empty answer; or, for a token that is not good, the
 * reason's kind as JSON, which the client has to acknowledge before it is refused.
 */
final class BearerExchange implements SaslExchange {
    private static final String INVALID_TOKEN = "{\"status\":\"invalid_token\"}";
    private static final String ANOTHER_IDENTITY = "Authentication failed: Client requested an authorization id that is"
            + " different from the token's principal name";

    private final OAuthBearerConfig config;
    private final TokenVerifier verifier;
    private final IssuerKeys keys;
    private final Subject peer;
    private volatile @Nullable String refusedBecause;

    BearerExchange(OAuthBearerConfig config, TokenVerifier verifier, IssuerKeys keys, Subject peer) {
        this.config = config;
        this.verifier = verifier;
        this.keys = keys;
        this.peer = peer;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] message) {
        String refused = refusedBecause;
        if (refused != null) {
            return CompletableFuture.completedStage(new SaslStep.Rejected(INVALID_TOKEN, refused));
        }
        BearerMessage read;
        try {
            read = BearerMessage.parse(message);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedStage(new SaslStep.Rejected(null, "OAUTHBEARER: " + e.getMessage()));
        }
        return verifier.verify(read.token()).thenApply(verdict -> step(verdict, read.authorizationId()));
    }

    private SaslStep step(Verdict verdict, String authorizationId) {
        if (verdict instanceof Verdict.Good good) {
            return accept(good, authorizationId);
        }
        return verdict instanceof Verdict.Bad bad
                ? refuse(bad.reason())
                : new SaslStep.Unavailable(
                        RefusalReason.ISSUER_UNAVAILABLE,
                        "the issuer's keys are not to be had, so no token can be checked");
    }

    private SaslStep accept(Verdict.Good token, String authorizationId) {
        Claims claims = Claims.of(token.claims(), config.groupsClaim());
        Optional<String> name = claims.single(config.principalClaim());
        if (name.isEmpty()) {
            return refuse(
                    "the token has no single claim " + config.principalClaim() + ", which would name the principal");
        }
        Optional<String> problem = PrincipalNames.problem(name.get());
        if (problem.isPresent()) {
            return refuse("the claim " + config.principalClaim() + " names no principal: " + problem.get());
        }
        if (!authorizationId.isEmpty() && !authorizationId.equals(name.get())) {
            return new SaslStep.Rejected(ANOTHER_IDENTITY, ANOTHER_IDENTITY);
        }
        Validity signed = () -> keys.isWithdrawn(token.thumbprint()) ? SessionEnd.KEY_WITHDRAWN : null;
        return new SaslStep.Accepted(
                new byte[0],
                Subject.bearer(name.get(), claims.byName(), peer.tls(), peer.source()),
                signed,
                token.expiresAtMillis() + config.clockSkewMillis());
    }

    private SaslStep refuse(String reason) {
        refusedBecause = "OAUTHBEARER: " + reason;
        return new SaslStep.Challenge(INVALID_TOKEN.getBytes(StandardCharsets.UTF_8));
    }
}
