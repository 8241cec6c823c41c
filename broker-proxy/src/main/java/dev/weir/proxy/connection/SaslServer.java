package dev.weir.proxy.connection;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Authentication;
import dev.weir.proxy.authenticate.Authenticator;
import dev.weir.proxy.authenticate.SaslExchange;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.upstream.BrokerConversation;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The broker's side of SASL as Kafka speaks it (KIP-43, KIP-152, KIP-368), around the exchange of whichever mechanism the
 * client chooses. A state machine without I/O: it says what to answer, or what to work out on a thread that may be slow.
 *
 * <pre>
 * IDLE --SaslHandshake v1--> AUTHENTICATE --SaslAuthenticate...--> IDLE, with a session
 *      --SaslHandshake v0--> RAW_TOKEN    --bare token...--------> IDLE, with a session
 * </pre>
 *
 * <p>A client whose session ends may log in again on its connection: by the same mechanism, as the same principal, and not
 * more than once a second. One whose session does not end has no reason to, and is told so, as Kafka does.
 */
final class SaslServer {
    /** Kafka's default of {@code sasl.server.max.receive.size}. */
    static final int FRAME_BYTES_MAX = 524_288;

    private static final long AGAIN_NANOS_MIN = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private enum State {
        IDLE,
        AUTHENTICATE,
        RAW_TOKEN
    }

    /** What follows from a message. */
    sealed interface Step {
        record Answer(ApiMessage response) implements Step {}

        record Refuse(Outcome.Refused outcome) implements Step {}

        /**
         * It has to be worked out.
         *
         * @param work holds no thread while it waits for somebody else; what it begins with takes CPU
         */
        record Work(Supplier<CompletionStage<SaslStep>> work) implements Step {}
    }

    /** How a message that needed work was answered. */
    sealed interface Outcome {
        ApiMessage response();

        /** The client has to send more. */
        record Continues(ApiMessage response) implements Outcome {}

        record Accepted(ApiMessage response, SaslSession session) implements Outcome {}

        /**
         * The client does not get in.
         *
         * @param reason for the log
         */
        record Refused(ApiMessage response, String reason) implements Outcome {}
    }

    private final Authentication authentication;
    private final Subject peer;
    private final BrokerConversation broker;
    private State state = State.IDLE;
    private @Nullable SaslExchange exchange;
    private Mechanism mechanism = Mechanism.NONE;
    /** That of another mechanism than the session's, which is told to the client only with its next message, as Kafka does. */
    private @Nullable String wrongMechanism;

    private @Nullable SaslSession session;
    private long againAtNanos;

    /**
     * Begins.
     *
     * @param peer what the transport knows of the client
     * @param broker for log-ins that it decides
     */
    SaslServer(Authentication authentication, Subject peer, BrokerConversation broker) {
        this.authentication = authentication;
        this.peer = peer;
        this.broker = broker;
    }

    boolean expectsRawToken() {
        return state == State.RAW_TOKEN;
    }

    /** What the client chose; {@link Mechanism#NONE} before it has. */
    Mechanism mechanism() {
        return mechanism;
    }

    /** What the client has from its last log-in, or {@code null} before that. */
    @Nullable
    SaslSession session() {
        return session;
    }

    Step onRequest(ApiMessage request, short version) {
        if (request instanceof SaslHandshakeRequestData handshake && mayBegin(version)) {
            return begin(handshake.mechanism(), version);
        }
        if (request instanceof SaslAuthenticateRequestData authenticate && state == State.AUTHENTICATE) {
            return next(authenticate.authBytes());
        }
        if (session == null) {
            // Kafka ends such a connection, too
            throw new ProtocolException(
                    MalformedReason.OUT_OF_PLACE,
                    state == State.IDLE ? "a SASL message came before the handshake" : "a second SASL handshake came");
        }
        return outOfPlace(request);
    }

    Step onRawToken(byte[] token) {
        return next(token);
    }

    private boolean mayBegin(short version) {
        SaslSession had = session;
        if (state != State.IDLE) {
            return false;
        }
        if (had == null) {
            return true;
        }
        long now = System.nanoTime();
        if (!had.ends() || version == 0 || now - againAtNanos < 0) {
            return false;
        }
        againAtNanos = now + AGAIN_NANOS_MIN;
        return true;
    }

    private Step begin(String name, short version) {
        SaslHandshakeResponseData response =
                new SaslHandshakeResponseData().setMechanisms(authentication.offered(peer.tls()));
        Authenticator chosen = authentication.find(name, peer.tls());
        if (chosen == null) {
            return new Step.Refuse(new Outcome.Refused(
                    response.setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code()),
                    "a SASL mechanism that is not offered; expected one of "
                            + String.join(", ", response.mechanisms())));
        }
        Mechanism before =
                session == null ? chosen.mechanism() : session.subject().mechanism();
        wrongMechanism = before == chosen.mechanism()
                ? null
                : "SASL mechanism '" + chosen.mechanism().wireName()
                        + "' requested by client is not supported for re-authentication of mechanism '"
                        + before.wireName() + "'";
        mechanism = chosen.mechanism();
        exchange = chosen.begin(peer, broker);
        state = version == 0 ? State.RAW_TOKEN : State.AUTHENTICATE;
        return new Step.Answer(response);
    }

    private Step next(byte[] message) {
        SaslExchange current = exchange;
        if (wrongMechanism != null || current == null) {
            return new Step.Refuse(refused(wrongMechanism, String.valueOf(wrongMechanism)));
        }
        return new Step.Work(() -> current.next(message));
    }

    /** What the client is answered after work; on the event loop again. */
    Outcome after(SaslStep step) {
        if (step instanceof SaslStep.Challenge challenge) {
            return new Outcome.Continues(new SaslAuthenticateResponseData().setAuthBytes(challenge.bytes()));
        }
        state = State.IDLE;
        exchange = null;
        if (step instanceof SaslStep.Rejected rejected) {
            return refused(rejected.message(), rejected.reason());
        }
        SaslStep.Accepted accepted = (SaslStep.Accepted) step;
        SaslSession had = session;
        if (had != null && !had.subject().principal().equals(accepted.subject().principal())) {
            String message = "Cannot change principals during re-authentication from " + dotted(had.subject()) + ": "
                    + dotted(accepted.subject());
            return refused(message, message);
        }
        return accepted(accepted);
    }

    private Outcome accepted(SaslStep.Accepted accepted) {
        long max = authentication.sessionLifetimeMaxMillis();
        boolean ends = max > 0 || accepted.endsAtMillis() != SaslStep.NEVER;
        long lifetimeMillis = 0;
        if (ends) {
            long left = Math.max(1, accepted.endsAtMillis() - System.currentTimeMillis());
            lifetimeMillis = max > 0 ? Math.min(max, left) : left;
        }
        long endsAtNanos =
                System.nanoTime() + Math.min(lifetimeMillis, Long.MAX_VALUE / 4 / NANOS_PER_MILLI) * NANOS_PER_MILLI;
        SaslSession begun = new SaslSession(accepted.subject(), accepted.validity(), ends, endsAtNanos);
        session = begun;
        return new Outcome.Accepted(
                new SaslAuthenticateResponseData()
                        .setAuthBytes(accepted.bytes())
                        .setSessionLifetimeMs(lifetimeMillis),
                begun);
    }

    /** @param message for the client, or {@code null} for Kafka's words, which do not say what was wrong */
    private Outcome.Refused refused(@Nullable String message, String reason) {
        String told = message != null
                ? message
                : "Authentication failed during " + (session == null ? "authentication" : "re-authentication")
                        + " due to invalid credentials with SASL mechanism " + mechanism.wireName();
        return new Outcome.Refused(
                new SaslAuthenticateResponseData()
                        .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                        .setErrorMessage(told),
                reason);
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

    /** The client is who it says, and cannot be that towards brokers. */
    static Outcome.Refused noCredential(String reason) {
        return new Outcome.Refused(
                new SaslAuthenticateResponseData()
                        .setErrorCode(Errors.SASL_AUTHENTICATION_FAILED.code())
                        .setErrorMessage("Authentication failed: there is no way to brokers for this client"),
                reason);
    }

    private static String dotted(Subject subject) {
        return subject.principal().type() + "." + subject.principal().name();
    }
}
