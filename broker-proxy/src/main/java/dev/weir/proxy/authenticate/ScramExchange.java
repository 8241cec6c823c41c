package dev.weir.proxy.authenticate;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.IllegalSaslStateException;
import org.apache.kafka.common.security.scram.ScramCredentialCallback;
import org.apache.kafka.common.security.scram.internals.ScramSaslServer;
import org.jspecify.annotations.Nullable;

/**
 * One SCRAM exchange, by Kafka's own server side of it: two messages each way. A user that does not exist gets as far as
 * one with a wrong password, by a decoy's keys; Kafka's server alone would tell them apart at the first message.
 */
final class ScramExchange implements SaslExchange {
    private final Mechanism mechanism;
    private final UsersFile users;
    private final Subject peer;
    private @Nullable ScramSaslServer server;
    private @Nullable ScramUser user;

    ScramExchange(Mechanism mechanism, UsersFile users, Subject peer) {
        this.mechanism = mechanism;
        this.users = users;
        this.peer = peer;
    }

    @Override
    public CompletionStage<SaslStep> next(byte[] message) {
        return CompletableFuture.completedStage(evaluate(message));
    }

    private SaslStep evaluate(byte[] message) {
        if (message.length > ScramAuthenticator.MESSAGE_BYTES_MAX) {
            return new SaslStep.Rejected(null, "a SCRAM message of " + message.length + " bytes");
        }
        try {
            ScramSaslServer now = server();
            byte[] answer = now.evaluateResponse(message);
            ScramUser who = user;
            if (!now.isComplete() || who == null) {
                return new SaslStep.Challenge(answer);
            }
            Subject subject = Subject.sasl(now.getAuthorizationID(), mechanism, peer.tls(), peer.source());
            return new SaslStep.Accepted(answer, subject, who.validity(), SaslStep.NEVER);
        } catch (IllegalSaslStateException | SaslException refused) {
            // its own message may show what the client sent
            String what = user == null
                    ? "the first message is none of this mechanism"
                    : "the proof is wrong, or was used before, or there is no such user";
            return new SaslStep.Rejected(null, mechanism.wireName() + ": " + what);
        } catch (AuthenticationException e) {
            // meant for the client, too
            return new SaslStep.Rejected(
                    e.getMessage(), mechanism.wireName() + ": another authorization id than the user's");
        }
    }

    private ScramSaslServer server() {
        ScramSaslServer known = server;
        if (known == null) {
            try {
                known = new ScramSaslServer(ScramKeys.kafkas(mechanism), Map.of(), this::handle);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no " + mechanism.wireName(), e);
            }
            server = known;
        }
        return known;
    }

    /** Kafka's server asks for a user's keys. Delegation tokens, which SCRAM may also carry, are not served. */
    private void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String name = "";
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback asks) {
                name = asks.getDefaultName();
            } else if (callback instanceof ScramCredentialCallback keys
                    && callback.getClass() == ScramCredentialCallback.class) {
                ScramUser found = users.scram(name, mechanism);
                user = found;
                keys.scramCredential(found.keys().credential());
            } else {
                throw new UnsupportedCallbackException(callback, "only users of the users file log in");
            }
        }
    }
}
