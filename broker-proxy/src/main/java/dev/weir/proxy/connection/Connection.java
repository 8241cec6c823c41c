package dev.weir.proxy.connection;

import dev.weir.mesh.Subject;
import dev.weir.proxy.authenticate.Validity;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.LoopReports;
import dev.weir.proxy.telemetry.MalformedReason;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.SessionEnd;
import dev.weir.proxy.wire.MalformedFrameException;
import dev.weir.proxy.wire.MessageCodec;
import dev.weir.proxy.wire.Walker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client, from accept to close: puts its parts together, and carries what one of them says to the others. Who it is
 * and what it may do is {@link ClientSession}'s, what it waits for {@link Waits}', and when it ends {@link Lifetime}'s.
 *
 * <p>Reading from the client stops while something must be waited for (the upstream connection, a password check, a
 * topic id that nobody knows), while {@code inFlightMax} requests wait for their response, and while the broker does
 * not take more bytes, or the client takes no answers. Reading from the broker stops while the client does not take more.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final ListenerScope listener;
    private final UpstreamTarget target;
    private final NetSocketInternal socket;
    private final EventLoop loop;
    private final ChannelHandlerContext down;
    private final Runnable onClosed;

    private final Lifetime lifetime;
    private final Waits waits;
    private final ClientSession session;
    private final SocketPair sockets;
    private final InFlight inFlight;
    private final @Nullable ConnectionReports reports;
    private final LogIn logIn;
    private final RequestReader requests;
    private final ResponseReader responses;
    private final BrokerSide broker;
    private final Opening opening;

    Connection(
            ListenerScope listener,
            UpstreamTarget target,
            NetSocketInternal socket,
            EventLoop loop,
            Subject peer,
            Validity certificates,
            Runnable onClosed) {
        this.listener = listener;
        this.target = target;
        this.socket = socket;
        this.loop = loop;
        this.down = socket.channelHandlerContext();
        this.onClosed = onClosed;
        this.lifetime = new Lifetime(listener.config().limits(), System.nanoTime());
        this.waits = new Waits(this, loop.context());
        this.session = new ClientSession(listener.policy(), peer, loop.traffic().quotas());
        this.sockets = new SocketPair(down, listener.metrics());
        this.inFlight = new InFlight(sockets, listener.metrics());
        LoopReports loopReports = loop.reports();
        this.reports = loopReports == null
                ? null
                : new ConnectionReports(
                        loopReports,
                        listener.name(),
                        listener.cluster().name(),
                        listener.cluster().topics());
        this.broker = new BrokerSide(this, target, down.alloc(), sockets, inFlight, loop.context());
        this.logIn = new LogIn(
                this,
                listener.protocol().codec(),
                down.alloc(),
                listener.authentication(),
                peer,
                certificates,
                broker.forLogIn());
        RecordRules records = new RecordRules(this, loop.rules(), loop.batchWorkers(), down.alloc());
        this.requests = requestReader(records);
        this.responses = responseReader(records.fetched());
        this.opening = new Opening(this, socket, lifetime, broker, responses);
    }

    private RequestReader requestReader(RecordRules records) {
        MessageCodec codec = listener.protocol().codec();
        RequestScan scan =
                new RequestScan(loop.resources().names(), listener.cluster().topics(), session.quotas());
        MirroredRequests mirrored = new MirroredRequests(loop.rules().mirrors(), listener.cluster(), down.alloc());
        FaultedRequests faulted = new FaultedRequests(
                this, loop.traffic().faults(), loop.resources().random());
        RequestDispatcher dispatcher =
                new RequestDispatcher(this, sockets, inFlight, codec, down.alloc(), scan, records, mirrored, faulted);
        return new RequestReader(
                this, new RequestRouter(this, target, down.alloc(), scan, logIn, dispatcher), new Walker());
    }

    private ResponseReader responseReader(FetchedRecords fetched) {
        ResponseEditor editor = new ResponseEditor(
                listener.protocol().codec(), loop.resources().rewriter(), listener.addresses(), down.alloc());
        return new ResponseReader(
                this, editor, new WalkedResponse(loop.resources().names()), sockets, inFlight, fetched);
    }

    /** Begins to read. On the event loop of the socket, as all that follows. */
    void start() {
        if (isClosed()) {
            return; // Weir is stopping
        }
        down.pipeline().addBefore(down.name(), "weir-requests", requests);
        if (!logIn.isNeeded()) {
            authenticated(session.subject(), () -> {}, reason -> refuse(RefusalReason.UPSTREAM_CREDENTIAL, reason));
        }
    }

    ListenerScope listener() {
        return listener;
    }

    Channel downstream() {
        return down.channel();
    }

    ConnectionStatus status(long id, long sinceMillis) {
        String software = reports == null ? "" : reports.software();
        return session.status(id, listener.name(), software, isAuthenticated(), sinceMillis);
    }

    /** What is reported of this connection, or {@code null} when nothing is. */
    @Nullable
    ConnectionReports reports() {
        return reports;
    }

    boolean isAuthenticated() {
        return lifetime.isAuthenticated();
    }

    boolean isClosed() {
        return lifetime.isClosed();
    }

    boolean isClientGone() {
        return lifetime.isClientGone();
    }

    // ---- who it is, and what it may do

    ClientSession session() {
        return session;
    }

    /**
     * The client is who it says. The first time its broker is connected; later, only what is known of it changes.
     *
     * @param in answers the log-in
     * @param out told why there is no way to brokers for this client; ends the connection
     */
    void authenticated(Subject who, Runnable in, Consumer<String> out) {
        if (lifetime.isAuthenticated()) {
            session.authenticated(who);
            in.run();
            endIfSomebodyElse();
        } else {
            opening.begin(who, in, out);
        }
    }

    /** It does not come in, before its first request. */
    void refuse(RefusalReason kind, String reason) {
        listener.metrics().connectionRefused(kind);
        close(kind, reason);
    }

    // ---- reading, and waiting

    /** Whether the next request may be taken. */
    boolean mayRead() {
        return !isClosed()
                && !waits.any()
                && !lifetime.isCut()
                && (lifetime.isClientGone()
                        || (!lifetime.isDraining()
                                && !waits.isMuted()
                                && down.channel().isWritable()
                                && inFlight.hasRoom(listener.config().limits().inFlightMax())));
    }

    void updateReading() {
        if (!isClosed()) {
            sockets.updateReading(mayRead());
        }
    }

    void flush() {
        sockets.flush();
        updateReading();
    }

    /** The client takes bytes again, or has stopped to. */
    void onDownstreamWritability() {
        requests.resume();
        flush();
    }

    /** As {@link Waits#await}. */
    <T> void await(Future<T> future, Consumer<T> then, Consumer<Throwable> failed) {
        waits.await(future, then, failed);
    }

    Waits waits() {
        return waits;
    }

    /** What was waited for is there, and was taken. */
    void goOn() {
        requests.resume();
        flush();
        endIfDrained();
        endIfAbandoned();
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
        requests.resume();
        updateReading();
    }

    // ---- the end

    /** Takes no more requests, answers those in flight, then closes. */
    void drain() {
        lifetime.drain();
        updateReading();
        endIfDrained();
    }

    /** As {@link #drain}, and what the client has sent already goes nowhere either, also when it has closed. */
    void cut() {
        lifetime.cut();
        drain();
    }

    /**
     * The client has closed. What it sent whole still goes to the broker, as it would if the broker had read it: a produce
     * with acks=0 is often the last word of a client, and may wait here for the upstream connection.
     */
    void clientGone() {
        if (!lifetime.isOpen()) {
            shut();
            return;
        }
        lifetime.clientGone();
        sockets.downstreamGone();
        requests.resume();
        endIfAbandoned();
    }

    private void endIfAbandoned() {
        if (lifetime.isAbandoned(waits.any())) {
            shut();
        }
    }

    private void endIfDrained() {
        if (lifetime.isDrained(waits.any(), inFlight.size())) {
            shut();
        }
    }

    /** Closes what has waited too long. */
    void sweep(long nowNanos) {
        switch (lifetime.overdue(
                nowNanos, requests.stalledNanos(nowNanos), down.channel().isWritable())) {
            case AUTHENTICATION -> refuse(RefusalReason.HANDSHAKE_TIMEOUT, "not authenticated in time");
            case REQUEST -> malformed(MalformedReason.STALLED, "a request began and nothing more of it came");
            case CLIENT -> malformed(MalformedReason.STALLED, "the client takes no answers");
            case NOTHING -> endIfOver(nowNanos);
        }
    }

    private void endIfOver(long nowNanos) {
        SessionEnd reason = logIn.ended(nowNanos, inFlight.size() > 0);
        if (reason != null) {
            logIn.end(reason);
        } else {
            endIfSomebodyElse();
        }
    }

    /** Policy knows the client as another Service now: no more requests as the old one. */
    private void endIfSomebodyElse() {
        if (lifetime.isOpen() && broker.seesAnother(session.service())) {
            drain();
        }
    }

    void malformed(MalformedReason reason, @Nullable String detail) {
        if (!isClosed()) {
            listener.metrics().malformed(reason);
            if (reason == MalformedReason.RESPONSE) {
                broker.malformed();
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
        if (!isClosed() && !(cause instanceof IOException)) {
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
        if (!isClosed()) {
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
        if (!lifetime.close()) {
            return;
        }
        waits.end();
        inFlight.clear(reports);
        requests.release();
        responses.release();
        broker.end();
        sockets.end();
        loop.closed(this);
        onClosed.run();
    }
}
