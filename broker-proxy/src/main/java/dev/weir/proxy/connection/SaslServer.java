package dev.weir.proxy.connection;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.UsersFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The broker's side of SASL as Kafka speaks it (KIP-43, KIP-152), with the one mechanism PLAIN (RFC 4616). A state
 * machine without I/O: it says what to answer, or what to verify on a thread that may be slow.
 *
 * <pre>
 * HANDSHAKE --SaslHandshake v1--> AUTHENTICATE --SaslAuthenticate--> done
 *           --SaslHandshake v0--> RAW_TOKEN    --bare token--------> done
 * </pre>
 */
final class SaslServer {
    /** Kafka's default of {@code sasl.server.max.receive.size}. */
    static final int FRAME_BYTES_MAX = 524_288;

    private static final String BAD_CREDENTIALS = "Authentication failed: Invalid username or password";

    private enum State {
        HANDSHAKE,
        AUTHENTICATE,
        RAW_TOKEN
    }

    /** What follows from a message. */
    sealed interface Step {
        record Answer(ApiMessage response) implements Step {}

        record Refuse(Outcome outcome) implements Step {}

        record Verify(Callable<Outcome> work) implements Step {}
    }

    /**
     * How a log-in ended.
     *
     * @param subject who it is, or {@code null} when it failed
     * @param reason why it failed, for the log
     */
    record Outcome(ApiMessage response, @Nullable Subject subject, String reason) {}

    private final UsersFile users;
    private final Subject peer;
    private State state = State.HANDSHAKE;

    /**
     * Begins.
     *
     * @param peer what the transport knows of the client
     */
    SaslServer(UsersFile users, Subject peer) {
        this.users = users;
        this.peer = peer;
    }

    boolean expectsRawToken() {
        return state == State.RAW_TOKEN;
    }

    Step onRequest(ApiMessage request, short version) {
        if (request instanceof SaslHandshakeRequestData handshake && state == State.HANDSHAKE) {
            SaslHandshakeResponseData response =
                    new SaslHandshakeResponseData().setMechanisms(List.of(Mechanism.PLAIN.wireName()));
            if (!handshake.mechanism().equals(Mechanism.PLAIN.wireName())) {
                return new Step.Refuse(new Outcome(
                        response.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code()),
                        null,
                        "a SASL mechanism that is not offered; expected " + Mechanism.PLAIN.wireName()));
            }
            state = version == 0 ? State.RAW_TOKEN : State.AUTHENTICATE;
            return new Step.Answer(response);
        }
        if (request instanceof SaslAuthenticateRequestData authenticate && state == State.AUTHENTICATE) {
            return new Step.Verify(() -> verify(authenticate.authBytes()));
        }
        return outOfPlace(request);
    }

    Step onRawToken(byte[] token) {
        return new Step.Verify(() -> verify(token));
    }

    /** As Kafka answers SASL requests that come when none is due. */
    static Step outOfPlace(ApiMessage request) {
        Errors error = Errors.ILLEGAL_SASL_STATE;
        return request instanceof SaslHandshakeRequestData
                ? new Step.Answer(new SaslHandshakeResponseData().setErrorCode(error.code()))
                : new Step.Answer(new SaslAuthenticateResponseData()
                        .setErrorCode(error.code())
                        .setErrorMessage("SaslAuthenticate request received after successful authentication"));
    }

    /** Takes milliseconds of CPU: never on an event loop. */
    private Outcome verify(byte[] token) {
        String[] parts = new String(token, StandardCharsets.UTF_8).split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return refused(
                    "Invalid SASL/PLAIN response: expected authorization id, user and password, separated by NUL");
        }
        String user = parts[1];
        if (!parts[0].isEmpty() && !parts[0].equals(user)) {
            return refused(
                    "Authentication failed: Client requested an authorization id that is different from username");
        }
        if (!users.verify(user, parts[2])) {
            return refused(BAD_CREDENTIALS);
        }
        return new Outcome(
                new SaslAuthenticateResponseData(), Subject.sasl(user, Mechanism.PLAIN, peer.tls(), peer.source()), "");
    }

    private static Outcome refused(String reason) {
        return new Outcome(
                new SaslAuthenticateResponseData()
                        .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                        .setErrorMessage(reason),
                null,
                reason);
    }
}
