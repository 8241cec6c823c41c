package dev.weir.proxy.authenticate.relay;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.authenticate.Validity;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.upstream.BrokerConversation;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One SASL exchange that the broker decides. Messages pass unchanged; the first says who the client claims to be, and the
 * claim becomes the subject only with the broker's last word.
 *
 * <p>INVARIANT: a mechanism has its number of messages and no more; an error code of 0 alone is no success: with
 * OAUTHBEARER it comes with a refusal, too (RFC 7628, section 3.2.3), and with SCRAM in the middle of the exchange.
 */
final class RelayedExchange implements SaslExchange {
    private static final short HANDSHAKE_VERSION = 1;
    private static final short AUTHENTICATE_VERSION = 1;
    private static final String SCRAM_VERIFIER = "v=";
    /** A broker that says more than that is no broker of Kafka's. */
    private static final int MESSAGE_LENGTH_MAX = 200;

    private final BrokerConversation broker;
    private final Mechanism mechanism;
    private final String principalClaim;
    private final Subject peer;
    private volatile @Nullable Claim claim;
    private volatile int messages;

    /** @param broker any thread may ask it */
    RelayedExchange(BrokerConversation broker, Mechanism mechanism, String principalClaim, Subject peer) {
        this.broker = broker;
        this.mechanism = mechanism;
        this.principalClaim = principalClaim;
        this.peer = peer;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] message) {
        int number = messages + 1; // calls come one after the other
        messages = number;
        if (number == 1) {
            try {
                claim = Claim.of(mechanism, message, principalClaim);
            } catch (UnusableClaimException e) {
                return CompletableFuture.completedStage(
                        new SaslStep.Rejected(null, mechanism.wireName() + ": " + e.getMessage()));
            }
        }
        return (number == 1 ? begin(message) : send(message, number))
                .recover(e -> Future.succeededFuture(
                        new SaslStep.Unavailable(RefusalReason.NO_BROKER, String.valueOf(e.getMessage()))))
                .toCompletionStage();
    }

    private Future<SaslStep> begin(byte[] message) {
        return broker.send(
                        ApiKeys.SASL_HANDSHAKE,
                        HANDSHAKE_VERSION,
                        new SaslHandshakeRequestData().setMechanism(mechanism.wireName()),
                        SaslHandshakeResponseData.class)
                .compose(handshake -> handshake.errorCode() == Errors.NONE.code()
                        ? send(message, 1)
                        : rejected(
                                "The broker does not take SASL mechanism " + mechanism.wireName(),
                                "the broker does not take " + mechanism.wireName() + "; it offers "
                                        + handshake.mechanisms()));
    }

    private Future<SaslStep> send(byte[] message, int number) {
        return broker.send(
                        ApiKeys.SASL_AUTHENTICATE,
                        AUTHENTICATE_VERSION,
                        new SaslAuthenticateRequestData().setAuthBytes(message),
                        SaslAuthenticateResponseData.class)
                .compose(answer -> answered(answer, number));
    }

    private Future<SaslStep> answered(SaslAuthenticateResponseData answer, int number) {
        if (answer.errorCode() != Errors.NONE.code()) {
            return rejected(
                    answer.errorMessage(),
                    "the broker refused: " + Errors.forCode(answer.errorCode()).name() + said(answer.errorMessage()));
        }
        byte[] bytes = answer.authBytes();
        return switch (mechanism) {
            case PLAIN -> number == 1 ? accepted(answer) : tooMany();
            case SCRAM_SHA_256, SCRAM_SHA_512 -> {
                if (number == 1) {
                    yield challenge(bytes);
                }
                boolean last = number == 2 && new String(bytes, StandardCharsets.UTF_8).startsWith(SCRAM_VERIFIER);
                yield last ? accepted(answer) : tooMany();
            }
            case OAUTHBEARER -> {
                if (number > 1) {
                    yield tooMany();
                }
                yield bytes.length == 0 ? accepted(answer) : challenge(bytes);
            }
            case NONE, MTLS -> tooMany();
        };
    }

    /** In the broker's words, where there are any: its log says the same. */
    private static String said(@Nullable String message) {
        return message == null || message.isBlank()
                ? ""
                : " (" + message.substring(0, Math.min(message.length(), MESSAGE_LENGTH_MAX)) + ")";
    }

    private static Future<SaslStep> challenge(byte[] bytes) {
        return Future.succeededFuture(new SaslStep.Challenge(bytes));
    }

    private Future<SaslStep> accepted(SaslAuthenticateResponseData answer) {
        Claim proven = claim;
        if (proven == null) {
            return tooMany();
        }
        long lifetimeMillis = answer.sessionLifetimeMs();
        return Future.succeededFuture(new SaslStep.Accepted(
                answer.authBytes(),
                proven.proven(peer),
                Validity.ALWAYS,
                lifetimeMillis > 0 ? System.currentTimeMillis() + lifetimeMillis : SaslStep.NEVER));
    }

    private static Future<SaslStep> tooMany() {
        return rejected(null, "the exchange went on where it has to be over");
    }

    private static Future<SaslStep> rejected(@Nullable String message, String reason) {
        return Future.succeededFuture(new SaslStep.Rejected(message, reason));
    }
}
