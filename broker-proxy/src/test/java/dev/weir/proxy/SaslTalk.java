package dev.weir.proxy;

import dev.weir.testkit.net.RawKafkaConnection;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.scram.ScramExtensionsCallback;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.security.scram.internals.ScramSaslClient;

/** A client's side of SASL, message by message, over a connection that a test sees. */
final class SaslTalk {
    static final short METADATA_VERSION = 12;
    private static final short HANDSHAKE_VERSION = 1;
    private static final short AUTHENTICATE_VERSION = 2;

    private final RawKafkaConnection connection;

    SaslTalk(RawKafkaConnection connection) {
        this.connection = connection;
    }

    SaslHandshakeResponseData handshake(String mechanism) {
        return connection
                .request(new SaslHandshakeRequestData().setMechanism(mechanism), HANDSHAKE_VERSION)
                .as(SaslHandshakeResponseData.class);
    }

    SaslAuthenticateResponseData say(byte[] token) {
        return connection
                .request(new SaslAuthenticateRequestData().setAuthBytes(token), AUTHENTICATE_VERSION)
                .as(SaslAuthenticateResponseData.class);
    }

    SaslAuthenticateResponseData say(String token) {
        return say(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Handshake and token of PLAIN; the answer, good or bad. */
    SaslAuthenticateResponseData plain(String user, String password) {
        handshake("PLAIN");
        return say("\0" + user + "\0" + password);
    }

    /** Handshake and both messages of SCRAM, by Kafka's own client side; the last answer, good or bad. */
    SaslAuthenticateResponseData scram(String mechanism, String user, String password) {
        handshake(mechanism);
        try {
            SaslClient client = client(mechanism, user, password);
            SaslAuthenticateResponseData first = say(client.evaluateChallenge(new byte[0]));
            if (first.errorCode() != Errors.NONE.code()) {
                return first;
            }
            SaslAuthenticateResponseData last = say(client.evaluateChallenge(first.authBytes()));
            if (last.errorCode() == Errors.NONE.code()) {
                client.evaluateChallenge(last.authBytes()); // the server has to prove itself, too
                if (!client.isComplete()) {
                    throw new IllegalStateException("the server did not prove that it knows the keys");
                }
            }
            return last;
        } catch (SaslException e) {
            throw new IllegalStateException(e);
        }
    }

    static SaslClient client(String mechanism, String user, String password) {
        try {
            return new ScramSaslClient(ScramMechanism.forMechanismName(mechanism), callbacks -> {
                for (Callback callback : callbacks) {
                    if (callback instanceof NameCallback name) {
                        name.setName(user);
                    } else if (callback instanceof PasswordCallback secret) {
                        secret.setPassword(password.toCharArray());
                    } else if (callback instanceof ScramExtensionsCallback extensions) {
                        extensions.extensions(Map.of());
                    }
                }
            });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The names of the brokers that Metadata tells, which shows that requests are served. */
    List<String> ask() {
        return connection
                .request(new MetadataRequestData(), METADATA_VERSION)
                .as(MetadataResponseData.class)
                .brokers()
                .stream()
                .map(broker -> broker.host())
                .toList();
    }

    /** Sends a request without waiting for its answer. */
    int askLater() {
        return connection.send(new MetadataRequestData(), METADATA_VERSION);
    }

    /** The correlation id of the next answer, which has to be one to {@link #askLater}. */
    int hear() {
        return connection.receive(ApiKeys.METADATA, METADATA_VERSION).header().correlationId();
    }
}
