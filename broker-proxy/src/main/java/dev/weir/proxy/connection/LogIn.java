package dev.weir.proxy.connection;

import dev.weir.mesh.Mechanism;
import dev.weir.mesh.Subject;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.stream.Stream;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The SASL requests of one connection: before it is authenticated, and those that come when they may not. */
final class LogIn {
    /** No version: the token came without a request around it, and so does its answer. */
    private static final short RAW = -1;

    private final Connection connection;
    private final MessageCodec codec;
    private final ByteBufAllocator allocator;
    private final @Nullable SaslServer sasl;
    private final Subject peer;
    private @Nullable Mechanism mechanism;
    private String claimed = "";

    /**
     * Begins.
     *
     * @param sasl the listener's SASL, or {@code null} when it has none
     * @param peer what the transport knows of the client
     */
    LogIn(
            Connection connection,
            MessageCodec codec,
            ByteBufAllocator allocator,
            @Nullable SaslServer sasl,
            Subject peer) {
        this.connection = connection;
        this.codec = codec;
        this.allocator = allocator;
        this.sasl = sasl;
        this.peer = peer;
    }

    boolean expectsRawToken() {
        return sasl != null && !connection.isAuthenticated() && sasl.expectsRawToken();
    }

    void onRequest(RequestFrame frame) {
        try {
            RequestHeader header = frame.header();
            ApiMessage request = codec.decodeRequest(header.apiKey(), header.apiVersion(), frame.body());
            note(request);
            SaslServer.Step step = sasl == null || connection.isAuthenticated()
                    ? SaslServer.outOfPlace(request)
                    : sasl.onRequest(request, header.apiVersion());
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
            refuse(refuse.outcome(), apiKey, version, correlationId);
        } else if (step instanceof SaslServer.Step.Verify verify) {
            connection.await(
                    connection.offLoop(verify.work()),
                    outcome -> verified(outcome, apiKey, version, correlationId),
                    connection::onFailure);
        }
    }

    private void verified(SaslServer.Outcome outcome, short apiKey, short version, int correlationId) {
        Subject subject = outcome.subject();
        if (subject != null) {
            connection.reply(encode(outcome.response(), apiKey, version, correlationId), false);
            connection.authenticated(subject);
        } else {
            refuse(outcome, apiKey, version, correlationId);
        }
    }

    private void refuse(SaslServer.Outcome outcome, short apiKey, short version, int correlationId) {
        connection.listener().metrics().connectionRefused(RefusalReason.CREDENTIALS);
        connection.logClose(RefusalReason.CREDENTIALS, outcome.reason());
        ConnectionReports reports = connection.reports();
        if (reports != null) {
            reports.logIns().failed(peer, mechanism, claimed, outcome.reason());
        }
        if (version == RAW) {
            connection.shut();
        } else {
            connection.reply(encode(outcome.response(), apiKey, version, correlationId), true);
        }
    }

    private ByteBuf encode(ApiMessage response, short apiKey, short version, int correlationId) {
        return version == RAW
                ? allocator.buffer(4).writeInt(0)
                : codec.encodeResponse(allocator, apiKey, version, correlationId, response);
    }
}
