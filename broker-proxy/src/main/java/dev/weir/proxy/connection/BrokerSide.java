package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.upstream.BrokerConversation;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import dev.weir.proxy.upstream.UpstreamCredentials;
import dev.weir.proxy.upstream.UpstreamException;
import dev.weir.proxy.wire.MessageCodec;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * The broker behind one connection: with whose credential it is connected, for how long that holds, and what Weir itself asks
 * there among the client's requests. On the connection's event loop.
 */
final class BrokerSide {
    private static final int OWN_CORRELATION_ID = 0;
    private static final String OWN_CLIENT_ID = "weir";

    private final Connection connection;
    private final UpstreamTarget target;
    private final UpstreamCredentials credentials;
    private final MessageCodec codec;
    private final ByteBufAllocator allocator;
    private final SocketPair sockets;
    private final InFlight inFlight;
    private final UpstreamSession session;
    private final RelayedLogIn relayed;
    private Optional<String> service = Optional.empty();

    BrokerSide(
            Connection connection,
            UpstreamTarget target,
            ByteBufAllocator allocator,
            SocketPair sockets,
            InFlight inFlight,
            Context context) {
        this.connection = connection;
        this.target = target;
        this.credentials = connection.listener().upstream();
        this.codec = connection.listener().protocol().codec();
        this.allocator = allocator;
        this.sockets = sockets;
        this.inFlight = inFlight;
        this.relayed = new RelayedLogIn(target, this::ask, context);
        this.session = new UpstreamSession(
                connection, context, () -> target.logInAgain(this::ask, credentials, service), this::over);
    }

    /** Whether brokers are to know the client as a Service, and so have a say before it is in. */
    boolean isByService() {
        return credentials.byService();
    }

    /** For log-ins that the broker decides. */
    BrokerConversation forLogIn() {
        return relayed;
    }

    /** The connection that the client has logged in on, or {@code null} when it did not log in at its broker. */
    @Nullable
    AuthenticatedSocket loggedIn() {
        return relayed.take();
    }

    /**
     * Connects a broker.
     *
     * @param who the Service that policy knows the client as, if any
     */
    Future<AuthenticatedSocket> connect(Optional<String> who) {
        service = who;
        return target.connect(credentials, who);
    }

    /** Whether the broker would go on to see somebody else than policy does now. */
    boolean seesAnother(Optional<String> who) {
        return credentials.byService() && !service.equals(who);
    }

    /** Whether a broker could not be connected because nobody comes with the client's credential. */
    static boolean isRefusal(Throwable cause) {
        return cause instanceof UpstreamException upstream
                && (upstream.kind() == UpstreamFailure.NO_CREDENTIAL || upstream.kind() == UpstreamFailure.CREDENTIALS);
    }

    /** From now on responses are read; {@code false} when the broker has closed already. */
    boolean attach(AuthenticatedSocket upstream, ResponseReader responses) {
        ChannelHandlerContext up = upstream.socket().channelHandlerContext();
        sockets.attach(up);
        up.pipeline().addBefore(up.name(), "weir-responses", responses);
        // told before the handlers are, so this side is still open when the broker was first
        up.channel().closeFuture().addListener(closed -> {
            if (!connection.isClosed() && inFlight.size() > 0) {
                target.failed(UpstreamFailure.CLOSED);
            }
        });
        if (!up.channel().isActive()) {
            return false;
        }
        session.begun(upstream.lifetimeMillis());
        return true;
    }

    /** Asks the broker something of Weir's own, after the client's requests so far. */
    private <S extends ApiMessage> Future<S> ask(ApiKeys api, short version, ApiMessage request, Class<S> type) {
        if (connection.isClosed()) {
            return Future.failedFuture(new UpstreamException(UpstreamFailure.CLOSED, "the connection is closed"));
        }
        ByteBuf frame = codec.encodeRequest(allocator, api.id, version, OWN_CORRELATION_ID, OWN_CLIENT_ID, request);
        Promise<ApiMessage> answered = Promise.promise();
        inFlight.expect(new Pending.Own(api.id, version, OWN_CORRELATION_ID, answered));
        sockets.writeUp(frame);
        sockets.flush();
        return answered.future().map(type::cast);
    }

    /** The broker does not take the credential again. */
    private void over(Throwable cause) {
        UpstreamFailure kind =
                cause instanceof UpstreamException upstream ? upstream.kind() : UpstreamFailure.CREDENTIALS;
        if (!connection.isClosed()) {
            target.failed(kind);
        }
        connection.close(kind, String.valueOf(cause.getMessage()));
    }

    /** It sent what cannot be. */
    void malformed() {
        target.failed(UpstreamFailure.MALFORMED);
    }

    /** The connection has ended. */
    void end() {
        session.end();
        relayed.close();
    }
}
