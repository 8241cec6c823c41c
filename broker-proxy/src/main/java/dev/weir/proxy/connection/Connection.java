package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authorize.ApiAuthorizer;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.Needs;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.RequestHeader;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, from accept to close: what it asks is decided here, one request after the other. Owns both sockets and
 * the queue of answers that the client is owed.
 *
 * <p>Reading from the client stops while something must be waited for (the upstream connection, a password check, a
 * topic id that nobody knows), while {@code inFlightMax} requests wait for their response, and while the broker does
 * not take more bytes. Reading from the broker stops while the client does not take more.
 *
 * <p>INVARIANT: the place in the queue is taken before a request's bytes go out.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long LAST_WRITES_MILLIS = 10_000;

    /** The order that a connection's life has; it never goes back. */
    private enum Phase {
        AUTHENTICATING,
        OPEN,
        CLOSED
    }

    private final ListenerScope listener;
    private final UpstreamTarget target;
    private final NetSocketInternal socket;
    private final EventLoop loop;
    private final Context context;
    private final ChannelHandlerContext down;
    private final Runnable onClosed;

    private final MessageCodec codec;
    private final RequestScan scan;
    private final RequestReader reader;
    private final ResponseReader responses = new ResponseReader(this);
    private final Queue<Pending> inFlight = new ArrayDeque<>();
    private final ResponseEditor editor;
    private final Map<Class<?>, Object> state = new HashMap<>(4);

    private Phase phase = Phase.AUTHENTICATING;
    private @Nullable SaslServer sasl;
    private Subject subject;
    private @Nullable Authorizer authorizer;
    private @Nullable PolicySnapshot authorizerSnapshot;
    private String authorizerClientId = "";

    private @Nullable ChannelHandlerContext up;
    private int waits;
    private boolean draining;
    private boolean downDirty;
    private boolean upDirty;
    private final long acceptedNanos = System.nanoTime();

    Connection(
            ListenerScope listener,
            UpstreamTarget target,
            NetSocketInternal socket,
            EventLoop loop,
            Subject peer,
            Runnable onClosed) {
        this.listener = listener;
        this.target = target;
        this.socket = socket;
        this.loop = loop;
        this.context = loop.context();
        this.subject = peer;
        this.onClosed = onClosed;
        this.down = socket.channelHandlerContext();
        this.codec = listener.protocol().codec();
        this.scan = new RequestScan(loop.resources().names(), listener.cluster().topics());
        this.reader = new RequestReader(this, new Walker());
        this.editor = new ResponseEditor(codec, loop.resources().rewriter(), listener.addresses(), down.alloc());
    }

    /** Begins to read. On the event loop of the socket, as all that follows. */
    void start() {
        SocketTuning.apply(down.channel());
        down.pipeline().addBefore(down.name(), "weir-requests", reader);
        if (listener.users() != null) {
            sasl = new SaslServer(listener.users(), subject);
        } else {
            authenticated(subject);
        }
    }

    ListenerScope listener() {
        return listener;
    }

    Channel downstream() {
        return down.channel();
    }

    Subject subject() {
        return subject;
    }

    RequestScan scan() {
        return scan;
    }

    ResponseEditor editor() {
        return editor;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    // ---- reading requests

    /** Whether the next request may be taken. */
    boolean mayRead() {
        return phase != Phase.CLOSED
                && waits == 0
                && !draining
                && inFlight.size() < listener.config().limits().inFlightMax();
    }

    int frameBytesMax() {
        int max = listener.config().limits().frameBytesMax();
        return phase == Phase.OPEN ? max : Math.min(max, SaslServer.FRAME_BYTES_MAX);
    }

    boolean expectsRawToken() {
        return phase == Phase.AUTHENTICATING && sasl != null && sasl.expectsRawToken();
    }

    /**
     * Says whether a request's body is to be walked; it is not where only the header can be understood (KIP-511).
     *
     * @throws ProtocolException for what Weir does not know: it does not pass
     */
    boolean accept(short apiKey, short version) {
        if (!ApiKeys.hasId(apiKey) || !ApiAuthorizers.knows(ApiKeys.forId(apiKey))) {
            throw new ProtocolException(MalformedReason.UNKNOWN_API, "api key " + apiKey + " is not served here");
        }
        ApiKeys api = ApiKeys.forId(apiKey);
        if (version < api.oldestVersion() || version > api.latestVersion(true)) {
            if (api == ApiKeys.API_VERSIONS) {
                return false;
            }
            throw new ProtocolException(
                    MalformedReason.UNKNOWN_VERSION,
                    api.name + " version " + version + " is not served here; this proxy knows " + api.oldestVersion()
                            + " to " + api.latestVersion(true));
        }
        if (phase == Phase.AUTHENTICATING
                && api != ApiKeys.API_VERSIONS
                && api != ApiKeys.SASL_HANDSHAKE
                && api != ApiKeys.SASL_AUTHENTICATE) {
            throw new ProtocolException(MalformedReason.OUT_OF_PLACE, api.name + " came before authentication");
        }
        return true;
    }

    Program requestProgram(short apiKey, short version) {
        return listener.protocol().request(apiKey, version);
    }

    /** A request's header is there; its body is about to be walked. */
    void begin(RequestHeader header) {
        listener.metrics().request(header.apiKey());
        boolean open = phase == Phase.OPEN;
        scan.reset(open ? needs(header) : Needs.DECODE, open ? authorizer(clientId(header)) : null);
    }

    /** A request is whole. */
    void onRequest(RequestFrame frame) {
        RequestHeader header = frame.header();
        if (header.apiKey() == ApiKeys.API_VERSIONS.id) {
            answerApiVersions(frame);
        } else if (phase == Phase.AUTHENTICATING
                || header.apiKey() == ApiKeys.SASL_HANDSHAKE.id
                || header.apiKey() == ApiKeys.SASL_AUTHENTICATE.id) {
            authenticate(frame);
        } else {
            resolveAndDecide(frame);
        }
    }

    private void answerApiVersions(RequestFrame frame) {
        try {
            RequestHeader header = frame.header();
            short apiKey = ApiKeys.API_VERSIONS.id;
            short version = header.apiVersion();
            ApiVersionsResponseData common = target.versions();
            if (version > ApiKeys.API_VERSIONS.latestVersion() || version < 0) {
                reply(codec.encodeResponse(
                        down.alloc(),
                        apiKey,
                        (short) 0,
                        header.correlationId(),
                        ApiVersionsAnswer.unsupportedVersion()));
            } else if (common == null) {
                close(
                        RefusalReason.NO_BROKER,
                        "no broker of cluster " + listener.cluster().name() + " has answered");
            } else {
                ApiMessage request = codec.decodeRequest(apiKey, version, frame.body());
                reply(codec.encodeResponse(
                        down.alloc(),
                        apiKey,
                        version,
                        header.correlationId(),
                        ApiVersionsAnswer.to((ApiVersionsRequestData) request, version, common)));
            }
        } finally {
            frame.release();
        }
    }

    // ---- authentication

    private void authenticate(RequestFrame frame) {
        try {
            RequestHeader header = frame.header();
            ApiMessage request = codec.decodeRequest(header.apiKey(), header.apiVersion(), frame.body());
            SaslServer.Step step = phase == Phase.OPEN || sasl == null
                    ? SaslServer.outOfPlace(request)
                    : sasl.onRequest(request, header.apiVersion());
            perform(step, header.apiKey(), header.apiVersion(), header.correlationId());
        } finally {
            frame.release();
        }
    }

    void onRawToken(byte[] token) {
        SaslServer server = sasl;
        if (server != null) {
            perform(server.onRawToken(token), ApiKeys.SASL_AUTHENTICATE.id, (short) -1, 0);
        }
    }

    private void perform(SaslServer.Step step, short apiKey, short version, int correlationId) {
        if (step instanceof SaslServer.Step.Answer answer) {
            reply(encodeSasl(answer.response(), apiKey, version, correlationId), answer.thenClose());
        } else if (step instanceof SaslServer.Step.Verify verify) {
            await(context.executeBlocking(verify.work(), false), outcome -> {
                if (outcome.subject() != null || version >= 0) {
                    reply(encodeSasl(outcome.response(), apiKey, version, correlationId), outcome.subject() == null);
                }
                if (outcome.subject() != null) {
                    authenticated(outcome.subject());
                } else {
                    listener.metrics().connectionRefused(RefusalReason.CREDENTIALS);
                    close(RefusalReason.CREDENTIALS, outcome.reason());
                }
            });
        }
    }

    /** A SASL response; for a raw token it is the token's own frame, and empty. */
    private ByteBuf encodeSasl(ApiMessage response, short apiKey, short version, int correlationId) {
        if (version < 0) {
            return down.alloc().buffer(4).writeInt(0);
        }
        return codec.encodeResponse(down.alloc(), apiKey, version, correlationId, response);
    }

    private void authenticated(Subject who) {
        subject = who;
        authorizer = null;
        phase = Phase.OPEN;
        await(target.connect(), this::attach);
    }

    private void attach(AuthenticatedSocket upstream) {
        ChannelHandlerContext upContext = upstream.socket().channelHandlerContext();
        SocketTuning.apply(upContext.channel());
        upContext.pipeline().addBefore(upContext.name(), "weir-responses", responses);
        up = upContext;
        if (!upContext.channel().isActive()) {
            onUpstreamClosed();
        }
    }

    /**
     * Stops reading until the future is complete; goes on with its result, or closes the connection when it failed. The
     * result of a connection that has closed meanwhile is closed, too.
     */
    private <T> void await(Future<T> future, Consumer<T> then) {
        waits++;
        updateReading();
        future.onComplete(done -> {
            waits--;
            if (phase == Phase.CLOSED) {
                discard(done.result());
            } else if (done.failed()) {
                listener.metrics().connectionRefused(RefusalReason.NO_BROKER);
                close(RefusalReason.NO_BROKER, String.valueOf(done.cause().getMessage()));
            } else {
                guarded(() -> then.accept(done.result()));
                reader.resume();
                flush();
            }
        });
    }

    /** What was waited for comes too late. */
    private static void discard(@Nullable Object late) {
        if (late instanceof AuthenticatedSocket upstream) {
            upstream.socket().close();
        } else if (late instanceof RequestFrame frame) {
            frame.release();
        }
    }

    /** Runs a step of this connection; what it throws ends the connection, and no other. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (ProtocolException e) {
            malformed(e.reason(), e.getMessage());
        } catch (MalformedFrameException e) {
            malformed(MalformedReason.BODY, e.getMessage());
        } catch (RuntimeException e) {
            onFailure(e);
        }
    }

    // ---- deciding

    private void resolveAndDecide(RequestFrame frame) {
        Set<Uuid> unknown = scan.unknownTopicIds();
        if (unknown == null) {
            decide(frame);
            return;
        }
        await(listener.cluster().resolve(unknown).transform(done -> onLoop(frame)), this::decide);
    }

    /** Comes back to this connection's event loop: the cluster has one of its own. */
    private <T> Future<T> onLoop(T value) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> promise.complete(value));
        return promise.future();
    }

    private void decide(RequestFrame frame) {
        RequestHeader header = frame.header();
        if (scan.allAllowed(authorizer(clientId(header))) && !needs(header).decode()) {
            forward(frame, null, null, null, scan.acks() == 0);
            return;
        }
        RequestView view = new RequestView(this, listener.cluster().topics(), header.apiVersion(), clientId(header));
        boolean handedOn = false;
        try {
            ApiMessage request = codec.decodeRequest(header.apiKey(), header.apiVersion(), frame.body());
            Outcome outcome = authorizerOf(header).decide(request, view);
            handedOn = perform(outcome, frame, view);
        } finally {
            if (!handedOn) {
                frame.release();
            }
        }
    }

    private static ApiAuthorizer<ApiMessage> authorizerOf(RequestHeader header) {
        ApiAuthorizer<ApiMessage> found = ApiAuthorizers.of(ApiKeys.forId(header.apiKey()));
        if (found == null) {
            throw new IllegalStateException("nobody decides api key " + header.apiKey());
        }
        return found;
    }

    private static Needs needs(RequestHeader header) {
        ApiAuthorizer<ApiMessage> found = ApiAuthorizers.of(ApiKeys.forId(header.apiKey()));
        return found == null ? Needs.DECODE : found.needs(header.apiVersion());
    }

    /** Says whether the frame was handed on. */
    private boolean perform(Outcome outcome, RequestFrame frame, RequestView view) {
        RequestHeader header = frame.header();
        if (outcome instanceof Outcome.Forward forward) {
            forward(frame, view, forward.edit(), null, scan.acks() == 0);
            return true;
        }
        if (outcome instanceof Outcome.Watch watch) {
            forward(frame, view, null, watch.watch(), false);
            return true;
        }
        if (outcome instanceof Outcome.Rewrite rewrite) {
            ByteBuf changed = codec.encodeRequest(
                    down.alloc(),
                    header.apiKey(),
                    header.apiVersion(),
                    header.correlationId(),
                    header.clientId(),
                    rewrite.request());
            if (scan.acks() != 0) {
                expect(header, view, rewrite.edit(), null);
            }
            writeUp(changed);
        } else if (outcome instanceof Outcome.Answer answer) {
            reply(codec.encodeResponse(
                    down.alloc(), header.apiKey(), header.apiVersion(), header.correlationId(), answer.response()));
        } else if (outcome instanceof Outcome.Close close) {
            close(MalformedReason.OUT_OF_PLACE, close.reason());
        }
        return false;
    }

    private void forward(
            RequestFrame frame,
            @Nullable RequestView view,
            @Nullable ResponseEdit<?> edit,
            @Nullable ResponseWatch watch,
            boolean noResponse) {
        if (!noResponse) {
            expect(frame.header(), view, edit, watch);
        }
        for (ByteBuf part : frame.parts()) {
            writeUp(part);
        }
        frame.parts().clear();
    }

    private void expect(
            RequestHeader header,
            @Nullable RequestView view,
            @Nullable ResponseEdit<?> edit,
            @Nullable ResponseWatch watch) {
        inFlight.add(
                new Pending.Upstream(header.apiKey(), header.apiVersion(), header.correlationId(), view, edit, watch));
        listener.metrics().inFlightAdded();
    }

    /** The policy of this client, under the snapshot in force now. */
    Authorizer authorizer(String clientId) {
        PolicySnapshot snapshot = listener.policy().get();
        Authorizer known = authorizer;
        if (known == null || snapshot != authorizerSnapshot || !clientId.equals(authorizerClientId)) {
            known = snapshot.authorizer(subject, clientId);
            authorizer = known;
            authorizerSnapshot = snapshot;
            authorizerClientId = clientId;
        }
        return known;
    }

    <T> T state(Class<T> type, Supplier<T> initial) {
        return type.cast(state.computeIfAbsent(type, absent -> initial.get()));
    }

    private static String clientId(RequestHeader header) {
        String clientId = header.clientId();
        return clientId == null ? "" : clientId;
    }

    // ---- answering

    private void reply(ByteBuf frame) {
        reply(frame, false);
    }

    private void reply(ByteBuf frame, boolean thenClose) {
        inFlight.add(new Pending.Answer(frame, thenClose));
        listener.metrics().inFlightAdded();
        sendAnswers();
    }

    /** Sends the answers whose turn it is. */
    private void sendAnswers() {
        while (inFlight.peek() instanceof Pending.Answer answer) {
            inFlight.remove();
            listener.metrics().inFlightRemoved(1);
            writeDown(answer.frame());
            if (answer.thenClose()) {
                shut();
                return;
            }
        }
    }

    Pending.Upstream expectedResponse(int lengthBytes, int correlationId) {
        if (!(inFlight.peek() instanceof Pending.Upstream next)) {
            throw new ProtocolException(MalformedReason.RESPONSE, "the broker sent a response nobody asked for");
        }
        if (lengthBytes < 4 || correlationId != next.correlationId()) {
            throw new ProtocolException(
                    MalformedReason.RESPONSE,
                    "the broker answered " + correlationId + " where " + next.correlationId() + " was due");
        }
        return next;
    }

    boolean mayCarryAddresses(short apiKey, short version) {
        return editor.hasAddresses(apiKey, version);
    }

    WatchedStream watchedStream(
            Pending.Upstream response, ResponseWatch watch, boolean blanking, int headBytes, int bodyBytes) {
        return new WatchedStream(
                loop.resources().names(),
                listener.protocol().watchedResponse(response.apiKey(), response.version()),
                watch,
                blanking,
                headBytes,
                bodyBytes);
    }

    /** The response to the oldest request has gone down. */
    void responseDone() {
        inFlight.remove();
        listener.metrics().inFlightRemoved(1);
        sendAnswers();
        if (draining && inFlight.isEmpty()) {
            shut();
            return;
        }
        reader.resume();
        updateReading();
    }

    // ---- bytes

    void writeDown(ByteBuf bytes) {
        listener.metrics().bytesDown(bytes.readableBytes());
        down.write(bytes, down.voidPromise()); // a failure closes the connection
        downDirty = true;
    }

    private void writeUp(ByteBuf bytes) {
        ChannelHandlerContext broker = up;
        if (broker == null) {
            bytes.release();
            throw new IllegalStateException("a request was decided before the broker was connected");
        }
        listener.metrics().bytesUp(bytes.readableBytes());
        broker.write(bytes, broker.voidPromise()); // a failure closes the connection
        upDirty = true;
    }

    /** Sends what was written since the last time. */
    void flush() {
        if (downDirty) {
            downDirty = false;
            down.flush();
        }
        ChannelHandlerContext broker = up;
        if (upDirty && broker != null) {
            upDirty = false;
            broker.flush();
        }
        updateReading();
    }

    /** Lets each side be read as far as the other side takes it. */
    void updateReading() {
        if (phase == Phase.CLOSED) {
            return;
        }
        ChannelHandlerContext broker = up;
        boolean readDown = mayRead() && (broker == null || broker.channel().isWritable());
        if (down.channel().config().isAutoRead() != readDown) {
            down.channel().config().setAutoRead(readDown);
        }
        if (broker != null) {
            boolean readUp = down.channel().isWritable();
            if (broker.channel().config().isAutoRead() != readUp) {
                broker.channel().config().setAutoRead(readUp);
            }
        }
    }

    // ---- the end

    /** Takes no more requests, answers those in flight, then closes. */
    void drain() {
        if (phase == Phase.CLOSED) {
            return;
        }
        draining = true;
        updateReading();
        if (inFlight.isEmpty()) {
            shut();
        }
    }

    /** Closes what has waited too long. */
    void sweep(long nowNanos) {
        long timeoutNanos = listener.config().limits().partialFrameTimeoutMillis() * 1_000_000L;
        if (phase == Phase.AUTHENTICATING
                && nowNanos - acceptedNanos > listener.config().limits().handshakeTimeoutMillis() * 1_000_000L) {
            listener.metrics().connectionRefused(RefusalReason.HANDSHAKE_TIMEOUT);
            close(RefusalReason.HANDSHAKE_TIMEOUT, "not authenticated in time");
        } else if (reader.stalled(nowNanos, timeoutNanos)) {
            malformed(MalformedReason.STALLED, "a request began and nothing more of it came");
        }
    }

    void malformed(MalformedReason reason, @Nullable String detail) {
        listener.metrics().malformed(reason);
        close(reason, String.valueOf(detail));
    }

    /** Policy took back a right while a response under it was on its way. */
    void revoked() {
        close("revoked", "access was revoked while a response was streaming");
    }

    void onDownstreamClosed() {
        shut();
    }

    void onUpstreamClosed() {
        shut();
    }

    /** A socket failed, which is everyday, or the code did, which is not. */
    void onFailure(Throwable cause) {
        if (phase != Phase.CLOSED && !(cause instanceof IOException)) {
            LOG.atError()
                    .addKeyValue("listener", listener.name())
                    .addKeyValue("peer", peer())
                    .setCause(cause)
                    .log("connection failed");
        }
        shut();
    }

    private void close(Object kind, String reason) {
        if (phase == Phase.CLOSED) {
            return;
        }
        listener.log().warn(kind, listener.name(), peer(), reason);
        shut();
    }

    private Object peer() {
        return String.valueOf(socket.remoteAddress());
    }

    /** Ends both sides; what was written to them before still goes out. */
    void shut() {
        if (phase == Phase.CLOSED) {
            return;
        }
        phase = Phase.CLOSED;
        int waiting = inFlight.size();
        for (Pending pending : inFlight) {
            if (pending instanceof Pending.Answer answer) {
                answer.frame().release();
            }
        }
        inFlight.clear();
        listener.metrics().inFlightRemoved(waiting);
        reader.release();
        responses.release();
        endAfterWrites(down.channel());
        if (up != null) {
            endAfterWrites(up.channel());
        }
        loop.closed(this);
        onClosed.run();
    }

    /** A peer that does not take its last bytes is not waited for without end. */
    private static void endAfterWrites(Channel channel) {
        if (channel.isActive()) {
            Runnable close = () -> {
                var unused = channel.close();
            };
            ScheduledFuture<?> patience =
                    channel.eventLoop().schedule(close, LAST_WRITES_MILLIS, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(closed -> patience.cancel(false));
            channel.config().setAutoRead(false);
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
