package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.policy.decide.Authorizer;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.Needs;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.LoopReports;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Program;
import dev.weir.proxy.wire.RequestHeader;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, from accept to close: who it is, what it waits for, and when it ends.
 *
 * <p>Reading from the client stops while something must be waited for (the upstream connection, a password check, a
 * topic id that nobody knows), while {@code inFlightMax} requests wait for their response, and while the broker does
 * not take more bytes, or the client takes no answers. Reading from the broker stops while the client does not take more.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final long FOREVER_NANOS = Long.MAX_VALUE / 2;
    private static final long STUCK_NANOS = 300_000_000_000L;

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
    private final SocketPair sockets;
    private final InFlight inFlight;
    private final RequestScan scan;
    private final RequestReader reader;
    private final ResponseReader responses;
    private final @Nullable ConnectionReports reports;
    private final ResponseEditor editor;
    private final LogIn logIn;
    private final RequestDispatcher dispatcher;
    private final Map<Class<?>, Object> state = new HashMap<>(4);
    private final long acceptedNanos = System.nanoTime();
    private long upstreamEndsNanos = acceptedNanos + FOREVER_NANOS;
    private long writableNanos = acceptedNanos;

    private Phase phase = Phase.AUTHENTICATING;
    private Subject subject;
    private ClientPolicy policy;
    private int waits;
    private boolean draining;
    private boolean clientGone;

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
        this.policy = new ClientPolicy(listener.policy(), peer);
        this.onClosed = onClosed;
        this.down = socket.channelHandlerContext();
        this.codec = listener.protocol().codec();
        this.sockets = new SocketPair(down, listener.metrics());
        this.inFlight = new InFlight(sockets, listener.metrics());
        this.scan = new RequestScan(loop.resources().names(), listener.cluster().topics());
        this.reader = new RequestReader(this, new Walker());
        this.responses =
                new ResponseReader(this, new WalkedResponse(loop.resources().names()));
        LoopReports loopReports = loop.reports();
        this.reports = loopReports == null
                ? null
                : new ConnectionReports(
                        loopReports,
                        listener.name(),
                        listener.cluster().name(),
                        listener.cluster().topics());
        this.editor = new ResponseEditor(codec, loop.resources().rewriter(), listener.addresses(), down.alloc());
        this.logIn = new LogIn(
                this, codec, down.alloc(), listener.users() == null ? null : new SaslServer(listener.users(), peer));
        this.dispatcher = new RequestDispatcher(this, sockets, inFlight, codec, down.alloc(), scan);
    }

    /** Begins to read. On the event loop of the socket, as all that follows. */
    void start() {
        if (isClosed()) {
            return; // Weir is stopping
        }
        down.pipeline().addBefore(down.name(), "weir-requests", reader);
        if (listener.users() == null) {
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

    /** What is reported of this connection, or {@code null} when nothing is. */
    @Nullable
    ConnectionReports reports() {
        return reports;
    }

    RequestScan scan() {
        return scan;
    }

    ResponseEditor editor() {
        return editor;
    }

    SocketPair sockets() {
        return sockets;
    }

    InFlight inFlight() {
        return inFlight;
    }

    boolean isAuthenticated() {
        return phase != Phase.AUTHENTICATING;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    // ---- what the readers ask

    /** Whether the next request may be taken. */
    boolean mayRead() {
        return phase != Phase.CLOSED
                && waits == 0
                && (clientGone
                        || (!draining
                                && down.channel().isWritable()
                                && inFlight.hasRoom(listener.config().limits().inFlightMax())));
    }

    int frameBytesMax() {
        int max = listener.config().limits().frameBytesMax();
        return isAuthenticated() ? max : Math.min(max, SaslServer.FRAME_BYTES_MAX);
    }

    boolean expectsRawToken() {
        return logIn.expectsRawToken();
    }

    /** Says whether a request's body is to be walked; throws for what is not served. */
    boolean accept(short apiKey, short version) {
        return Admission.accept(apiKey, version, isAuthenticated());
    }

    Program requestProgram(short apiKey, short version) {
        return reports != null && apiKey == ApiKeys.PRODUCE.id
                ? listener.protocol().reportedRequest(apiKey, version)
                : listener.protocol().request(apiKey, version);
    }

    Program responseProgram(Pending.Upstream response, boolean reported) {
        return reported
                ? listener.protocol().reportedResponse(response.apiKey(), response.version())
                : listener.protocol().watchedResponse(response.apiKey(), response.version());
    }

    /** A request's header is there; its body is about to be walked. */
    void begin(RequestHeader header) {
        listener.metrics().request(header.apiKey());
        if (isAuthenticated()) {
            dispatcher.begin(header);
        } else {
            scan.reset(Needs.DECODE, null, null);
        }
    }

    /** A request is whole. */
    void onRequest(RequestFrame frame) {
        ApiKeys api = ApiKeys.forId(frame.header().apiKey());
        if (api == ApiKeys.API_VERSIONS) {
            answerApiVersions(frame);
        } else if (ApiAuthorizers.ELSEWHERE.contains(api)) {
            logIn.onRequest(frame);
        } else {
            dispatcher.onRequest(frame);
        }
    }

    void onRawToken(byte[] token) {
        logIn.onRawToken(token);
    }

    private void answerApiVersions(RequestFrame frame) {
        try {
            ApiVersionsResponseData common = target.versions();
            if (common == null) {
                close(
                        RefusalReason.NO_BROKER,
                        "no broker of cluster " + listener.cluster().name() + " has answered");
            } else {
                ByteBuf answer = ApiVersionsAnswer.frame(frame, common, codec, down.alloc());
                if (reports != null) {
                    ApiVersionsAnswer.tellSoftware(frame, codec, reports::software);
                }
                reply(answer, false);
            }
        } finally {
            frame.release();
        }
    }

    boolean mayCarryAddresses(short apiKey, short version) {
        return editor.hasAddresses(apiKey, version);
    }

    // ---- answering

    /** Answers a request; the answer waits its turn. */
    void reply(ByteBuf frame, boolean thenClose) {
        if (inFlight.answer(frame, thenClose)) {
            shut();
        } else {
            endIfDrained();
        }
    }

    /** The response to the oldest request has gone down. */
    void responseDone() {
        if (inFlight.done()) {
            shut();
            return;
        }
        endIfDrained();
        reader.resume();
        updateReading();
    }

    void flush() {
        sockets.flush();
        updateReading();
    }

    /** The client takes bytes again, or has stopped to. */
    void onDownstreamWritability() {
        reader.resume();
        flush();
    }

    void updateReading() {
        if (phase != Phase.CLOSED) {
            sockets.updateReading(mayRead());
        }
    }

    // ---- who it is, and what it may do

    /** The client is who it says: its broker is connected next. */
    void authenticated(Subject who) {
        subject = who;
        policy = new ClientPolicy(listener.policy(), who);
        phase = Phase.OPEN;
        await(target.connect(), this::attach, this::noBroker);
    }

    private void noBroker(Throwable cause) {
        listener.metrics().connectionRefused(RefusalReason.NO_BROKER);
        close(RefusalReason.NO_BROKER, String.valueOf(cause.getMessage()));
    }

    private void attach(AuthenticatedSocket upstream) {
        ChannelHandlerContext up = upstream.socket().channelHandlerContext();
        sockets.attach(up);
        if (upstream.lifetimeMillis() > 0) {
            upstreamEndsNanos = System.nanoTime() + upstream.lifetimeMillis() * 900_000;
        }
        up.pipeline().addBefore(up.name(), "weir-responses", responses);
        // told before the handlers are, so this side is still open when the broker was first
        up.channel().closeFuture().addListener(closed -> {
            if (phase != Phase.CLOSED && inFlight.size() > 0) {
                target.failed(UpstreamFailure.CLOSED);
            }
        });
        if (!up.channel().isActive()) {
            shut();
        }
    }

    /** The policy of this client, under the snapshot in force now. */
    Authorizer authorizer(String clientId) {
        return policy.authorizer(clientId);
    }

    <T> T state(Class<T> type, Supplier<T> initial) {
        return type.cast(state.computeIfAbsent(type, absent -> initial.get()));
    }

    // ---- waiting

    /**
     * Stops reading until the future is complete; goes on with its result, or tells {@code failed}, which ends the
     * connection. The future completes on this event loop.
     */
    <T> void await(Future<T> future, Consumer<T> then, Consumer<Throwable> failed) {
        waits++;
        updateReading();
        future.onComplete(done -> {
            waits--;
            if (phase == Phase.CLOSED) {
                discard(done.result());
            } else if (done.failed()) {
                failed.accept(done.cause());
            } else {
                guarded(() -> then.accept(done.result()), MalformedReason.BODY);
                reader.resume();
                flush();
                endIfDrained();
                endIfGone();
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

    /** Runs work that takes its time on another thread; the future completes here. */
    <T> Future<T> offLoop(Callable<T> work) {
        return context.executeBlocking(work, false);
    }

    /** Brings a value that was waited for elsewhere to this event loop. */
    <T> Future<T> onLoop(T value) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(ignored -> promise.complete(value));
        return promise.future();
    }

    /** Runs a step of this connection; what it throws ends the connection, and no other. */
    void guarded(Runnable step, MalformedReason whenMalformed) {
        try {
            step.run();
        } catch (ProtocolException e) {
            malformed(e.reason(), e.getMessage());
        } catch (MalformedFrameException e) {
            malformed(whenMalformed, e.getMessage());
        } catch (RuntimeException e) {
            onFailure(e);
        }
    }

    // ---- the end

    /** Takes no more requests, answers those in flight, then closes. */
    void drain() {
        draining = true;
        updateReading();
        endIfDrained();
    }

    /**
     * The client has closed. What it sent whole still goes to the broker, as it would if the broker had read it: a produce
     * with acks=0 is often the last word of a client, and may wait here for the upstream connection.
     */
    void clientGone() {
        if (phase != Phase.OPEN) {
            shut();
            return;
        }
        clientGone = true;
        sockets.downstreamGone();
        reader.resume();
        endIfGone();
    }

    private void endIfGone() {
        if (clientGone && waits == 0) {
            shut();
        }
    }

    private void endIfDrained() {
        if (draining && waits == 0 && inFlight.size() == 0) {
            shut();
        }
    }

    /** Closes what has waited too long. */
    void sweep(long nowNanos) {
        long handshakeNanos = listener.config().limits().handshakeTimeoutMillis() * 1_000_000L;
        long stallNanos = listener.config().limits().partialFrameTimeoutMillis() * 1_000_000L;
        if (!isAuthenticated() && nowNanos - acceptedNanos > handshakeNanos) {
            listener.metrics().connectionRefused(RefusalReason.HANDSHAKE_TIMEOUT);
            close(RefusalReason.HANDSHAKE_TIMEOUT, "not authenticated in time");
        } else if (reader.stalled(nowNanos, stallNanos)) {
            malformed(MalformedReason.STALLED, "a request began and nothing more of it came");
        } else if (nowNanos - upstreamEndsNanos > 0) {
            drain(); // before the broker ends it, with requests in flight (KIP-368)
        } else if (down.channel().isWritable()) {
            writableNanos = nowNanos;
        } else if (nowNanos - writableNanos > STUCK_NANOS) {
            malformed(MalformedReason.STALLED, "the client takes no answers");
        }
    }

    void malformed(MalformedReason reason, @Nullable String detail) {
        if (phase != Phase.CLOSED) {
            listener.metrics().malformed(reason);
            if (reason == MalformedReason.RESPONSE) {
                target.failed(UpstreamFailure.MALFORMED);
            }
            close(reason, String.valueOf(detail));
        }
    }

    /** Policy took back a right while a response under it was on its way. */
    void revoked() {
        close("revoked", "access was revoked while a response was streaming");
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

    /**
     * Ends the connection, and says why.
     *
     * @param kind the kind of reason, from a bounded set
     */
    void close(Object kind, String reason) {
        if (phase != Phase.CLOSED) {
            logClose(kind, reason);
            shut();
        }
    }

    void logClose(Object kind, String reason) {
        listener.log().warn(kind, listener.name(), peer(), reason);
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
        inFlight.clear();
        reader.release();
        responses.release();
        sockets.end();
        loop.closed(this);
        onClosed.run();
    }
}
