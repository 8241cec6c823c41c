package dev.weir.proxy.connection;

import dev.weir.policy.decide.Canaries;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.Needs;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.proxy.wire.FieldVisitor;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.RequestHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Which request may come now, how its body is read, and who takes it when it is whole: ApiVersions is answered here,
 * SASL is the log-in's, and all else is decided by the dispatcher.
 */
final class RequestRouter {
    private final Connection connection;
    private final ListenerScope listener;
    private final UpstreamTarget target;
    private final MessageCodec codec;
    private final ByteBufAllocator allocator;
    private final RequestScan scan;
    private final LogIn logIn;
    private final RequestDispatcher dispatcher;
    private final @Nullable ConnectionReports reports;

    RequestRouter(
            Connection connection,
            UpstreamTarget target,
            ByteBufAllocator allocator,
            RequestScan scan,
            LogIn logIn,
            RequestDispatcher dispatcher) {
        this.connection = connection;
        this.listener = connection.listener();
        this.target = target;
        this.codec = listener.protocol().codec();
        this.allocator = allocator;
        this.scan = scan;
        this.logIn = logIn;
        this.dispatcher = dispatcher;
        this.reports = connection.reports();
    }

    int frameBytesMax() {
        int max = listener.config().limits().frameBytesMax();
        return connection.isAuthenticated() ? max : Math.min(max, SaslServer.FRAME_BYTES_MAX);
    }

    /** Says whether a request's body is to be walked; throws for what is not served. */
    boolean accept(short apiKey, short version) {
        return Admission.accept(apiKey, version, connection.isAuthenticated());
    }

    Program program(short apiKey, short version) {
        return apiKey == ApiKeys.PRODUCE.id && (reports != null || scan.records() != null)
                ? listener.protocol().reportedRequest(apiKey, version)
                : listener.protocol().request(apiKey, version);
    }

    /** A request's header is there; its body is about to be walked, and who is told of it is given. */
    FieldVisitor begin(RequestHeader header) {
        listener.metrics().request(header.apiKey());
        if (connection.isAuthenticated()) {
            dispatcher.begin(header);
        } else {
            scan.reset(Needs.DECODE, null, null, null, null, Canaries.EMPTY, "");
        }
        return scan;
    }

    /** A request is whole; it is taken over. */
    void onRequest(RequestFrame frame) {
        ApiKeys api = ApiKeys.forId(frame.header().apiKey());
        if (api == ApiKeys.API_VERSIONS) {
            answerApiVersions(frame);
        } else if (ApiAuthorizers.ELSEWHERE.contains(api)) {
            logIn.onRequest(frame);
        } else if (logIn.isOver()) {
            frame.release();
            logIn.end(SessionEnd.EXPIRED);
        } else {
            dispatcher.onRequest(frame);
        }
    }

    /** Whether a bare SASL token comes next, and no request. */
    boolean expectsRawToken() {
        return logIn.expectsRawToken();
    }

    void onRawToken(byte[] token) {
        logIn.onRawToken(token);
    }

    private void answerApiVersions(RequestFrame frame) {
        try {
            ApiVersionsResponseData common = target.versions();
            if (common == null) {
                connection.close(
                        RefusalReason.NO_BROKER,
                        "no broker of cluster " + listener.cluster().name() + " has answered");
            } else {
                ByteBuf answer = ApiVersionsAnswer.frame(frame, common, codec, allocator);
                if (reports != null) {
                    ApiVersionsAnswer.tellSoftware(frame, codec, reports::software);
                }
                connection.reply(answer, false);
            }
        } finally {
            frame.release();
        }
    }
}
