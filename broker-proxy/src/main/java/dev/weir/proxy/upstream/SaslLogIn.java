package dev.weir.proxy.upstream;

import dev.weir.mesh.Mechanism;
import dev.weir.proxy.config.UpstreamSasl;
import dev.weir.proxy.telemetry.UpstreamFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * One log-in to one broker (KIP-43, KIP-152). On the event loop of its connection, except for hashes, which are worked out on
 * a worker thread. It succeeds when both sides are content: SCRAM's broker has to prove that it knows the password, too.
 */
final class SaslLogIn {
    private static final short HANDSHAKE_VERSION = 1;
    private static final short AUTHENTICATE_VERSION = 1;
    private static final byte[] NOTHING = {};

    private final BrokerConversation conversation;
    private final Context context;
    private final UpstreamSasl sasl;
    private final Object broker;

    /** @param broker for messages */
    SaslLogIn(BrokerConversation conversation, Context context, UpstreamSasl sasl, Object broker) {
        this.conversation = conversation;
        this.context = context;
        this.sasl = sasl;
        this.broker = broker;
    }

    /**
     * Runs it.
     *
     * @return how long it holds, in milliseconds (KIP-368); 0 for ever. Fails with {@link UpstreamException}
     */
    Future<Long> run(SaslClient client) {
        Mechanism mechanism = sasl.mechanism();
        return conversation
                .send(
                        ApiKeys.SASL_HANDSHAKE,
                        HANDSHAKE_VERSION,
                        new SaslHandshakeRequestData().setMechanism(mechanism.wireName()),
                        SaslHandshakeResponseData.class)
                .compose(handshake -> handshake.errorCode() == Errors.NONE.code()
                        ? evaluate(client, NOTHING).compose(first -> send(client, first))
                        : refused("broker " + broker + " does not take SASL/" + mechanism.wireName() + "; it offers "
                                + handshake.mechanisms()));
    }

    private Future<Long> send(SaslClient client, byte[] token) {
        return conversation
                .send(
                        ApiKeys.SASL_AUTHENTICATE,
                        AUTHENTICATE_VERSION,
                        new SaslAuthenticateRequestData().setAuthBytes(token),
                        SaslAuthenticateResponseData.class)
                .compose(answer -> {
                    if (answer.errorCode() != Errors.NONE.code()) {
                        return refused("broker " + broker + " refused user " + sasl.username() + " by SASL/"
                                + sasl.mechanism().wireName() + ": " + answer.errorMessage());
                    }
                    long lifetimeMillis = answer.sessionLifetimeMs();
                    return client.isComplete()
                            ? Future.succeededFuture(lifetimeMillis)
                            : evaluate(client, answer.authBytes())
                                    .compose(next -> client.isComplete()
                                            ? Future.succeededFuture(lifetimeMillis)
                                            : send(client, next));
                });
    }

    private Future<byte[]> evaluate(SaslClient client, byte[] challenge) {
        return context.executeBlocking(() -> evaluated(client, challenge), false)
                .recover(e ->
                        refused("broker " + broker + " and " + sasl.mechanism().wireName() + " user " + sasl.username()
                                + " do not agree: " + e.getMessage()));
    }

    private static byte[] evaluated(SaslClient client, byte[] challenge) throws SaslException {
        byte[] token = client.evaluateChallenge(challenge);
        return token == null ? NOTHING : token;
    }

    private static <T> Future<T> refused(String why) {
        return Future.failedFuture(new UpstreamException(UpstreamFailure.CREDENTIALS, why));
    }
}
