package dev.weir.proxy.connection;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Authentication;
import dev.weir.proxy.authenticate.SaslStep;
import dev.weir.proxy.authenticate.Validity;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.proxy.upstream.BrokerConversation;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.stream.Stream;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * How one connection's client proves who it is, and for how long that holds: its SASL requests, at the beginning and
 * again later, and whether what it logged in with was taken back since. On the connection's event loop.
 */
final class LogIn {
    /** No version: the token came without a request around it, and so does its answer. */
    private static final short RAW = -1;

    /** What is still in flight when a session is over may end by itself for so long; nothing new begins. */
    private static final long LAST_ANSWERS_NANOS = 5_000_000_000L;

    private final Connection connection;
    private final MessageCodec codec;
    private final ByteBufAllocator allocator;
    private final Authentication authentication;
    private final Validity certificates;
    private final @Nullable SaslServer sasl;
    private final Subject peer;
    private @Nullable Mechanism mechanism;
    private String claimed = "";

    /**
     * Begins.
     *
     * @param peer what the transport knows of the client
     * @param certificates whether its certificates still hold
     * @param broker for log-ins that the broker decides
     */
    LogIn(
            Connection connection,
            MessageCodec codec,
            ByteBufAllocator allocator,
            Authentication authentication,
            Subject peer,
            Validity certificates,
            BrokerConversation broker) {
        this.connection = connection;
        this.codec = codec;
        this.allocator = allocator;
        this.authentication = authentication;
        this.certificates = certificates;
        this.peer = peer;
        this.sasl = authentication.isLogInNeeded() ? new SaslServer(authentication, peer, broker) : null;
    }

    /** Whether there is SASL to go through; else the transport has said it all. */
    boolean isNeeded() {
        return sasl != null;
    }

    boolean expectsRawToken() {
        return sasl != null && sasl.expectsRawToken();
    }

    /** Whether the client has to log in again before its next request is served. */
    boolean isOver() {
        SaslSession session = sasl == null ? null : sasl.session();
        return session != null && session.ends() && session.isOver(System.nanoTime());
    }

    /**
     * Why the connection has to end now, or {@code null}. A client that has nothing in flight when its session is over may
     * still come and log in again, as with Kafka.
     *
     * @param busy whether answers are owed to the client
     */
    @Nullable
    SessionEnd ended(long nowNanos, boolean busy) {
        SessionEnd revoked = certificates.ended();
        SaslSession session = sasl == null ? null : sasl.session();
        if (revoked != null || session == null) {
            return revoked;
        }
        if (busy && session.isOver(nowNanos - LAST_ANSWERS_NANOS)) {
            return SessionEnd.EXPIRED;
        }
        return session.validity().ended();
    }

    /** What the client logged in with holds no more. */
    void end(SessionEnd reason) {
        ClientSession session = connection.session();
        connection.listener().metrics().sessionEnded(reason);
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.logIns().ended(session.subject(), session.service(), reason);
        }
        connection.close(reason, "the session of " + session.subject().principal() + " is over");
    }

    void onRequest(RequestFrame frame) {
        try {
            RequestHeader header = frame.header();
            ApiMessage request = codec.decodeRequest(header.apiKey(), header.apiVersion(), frame.body());
            if (request instanceof SaslAuthenticateRequestData token
                    && token.authBytes().length > SaslServer.FRAME_BYTES_MAX) {
                throw new ProtocolException(
                        MalformedReason.LENGTH_TOO_LARGE, "a SASL message of " + token.authBytes().length + " bytes");
            }
            note(request);
            SaslServer.Step step =
                    sasl == null ? SaslServer.outOfPlace(request) : sasl.onRequest(request, header.apiVersion());
            perform(step, header.apiKey(), header.apiVersion(), header.correlationId());
        } finally {
            frame.release();
        }
    }

    void onRawToken(byte[] token) {
        if (sasl != null) {
            claimed = ClaimedName.of(token);
            perform(sasl.onRawToken(token), ApiKeys.SASL_AUTHENTICATE.id, RAW, 0);
        }
    }

    /** What the audit would want to know of it, should it fail. */
    private void note(ApiMessage request) {
        if (request instanceof SaslHandshakeRequestData handshake) {
            mechanism = Stream.of(Mechanism.values())
                    .filter(known -> known.wireName().equals(handshake.mechanism()))
                    .findFirst()
                    .orElse(null);
        } else if (request instanceof SaslAuthenticateRequestData token && claimed.isEmpty()) {
            claimed = ClaimedName.of(token.authBytes());
        }
    }

    private void perform(SaslServer.Step step, short apiKey, short version, int correlationId) {
        if (step instanceof SaslServer.Step.Answer answer) {
            connection.reply(encode(answer.response(), apiKey, version, correlationId), false);
        } else if (step instanceof SaslServer.Step.Refuse refuse) {
            refuse(RefusalReason.CREDENTIALS, refuse.outcome(), apiKey, version, correlationId);
        } else if (step instanceof SaslServer.Step.Work work) {
            connection.await(
                    connection.waits().offLoop(work.work(), authentication.workers()),
                    done -> worked(done, apiKey, version, correlationId),
                    connection::onFailure);
        }
    }

    private void worked(SaslStep done, short apiKey, short version, int correlationId) {
        SaslServer server = sasl;
        if (server == null) {
            return;
        }
        if (done instanceof SaslStep.Unavailable unavailable) {
            connection.refuse(unavailable.kind(), unavailable.reason());
            return;
        }
        SaslServer.Outcome outcome = server.after(done);
        if (outcome instanceof SaslServer.Outcome.Refused refused) {
            connection.listener().metrics().login(server.mechanism(), false);
            refuse(RefusalReason.CREDENTIALS, refused, apiKey, version, correlationId);
        } else if (outcome instanceof SaslServer.Outcome.Accepted accepted) {
            connection.authenticated(
                    accepted.session().subject(),
                    () -> {
                        connection.listener().metrics().login(server.mechanism(), true);
                        connection.reply(encode(accepted.response(), apiKey, version, correlationId), false);
                    },
                    reason -> {
                        connection.listener().metrics().login(server.mechanism(), false);
                        SaslServer.Outcome.Refused refused = SaslServer.noCredential(reason);
                        refuse(RefusalReason.UPSTREAM_CREDENTIAL, refused, apiKey, version, correlationId);
                    });
        } else {
            connection.reply(encode(outcome.response(), apiKey, version, correlationId), false);
        }
    }

    private void refuse(
            RefusalReason kind, SaslServer.Outcome.Refused outcome, short apiKey, short version, int correlationId) {
        connection.listener().metrics().connectionRefused(kind);
        connection.logClose(kind, outcome.reason());
        ConnectionReports reports = connection.reports();
        if (reports != null && kind == RefusalReason.CREDENTIALS) { // of the other, its principal is told already
            reports.logIns().failed(peer, mechanism, claimed, outcome.reason());
        }
        if (version == RAW) {
            connection.shut();
        } else {
            connection.reply(encode(outcome.response(), apiKey, version, correlationId), true);
        }
    }

    private ByteBuf encode(ApiMessage response, short apiKey, short version, int correlationId) {
        if (version == RAW && response instanceof SaslAuthenticateResponseData answer) {
            byte[] token = answer.authBytes();
            return allocator
                    .buffer(Integer.BYTES + token.length)
                    .writeInt(token.length)
                    .writeBytes(token);
        }
        return codec.encodeResponse(allocator, apiKey, version, correlationId, response);
    }
}
