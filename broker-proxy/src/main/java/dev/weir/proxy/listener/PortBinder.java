package dev.weir.proxy.listener;

import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.tls.Handshakes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Binds a port on every event loop, so that connections spread over them. */
final class PortBinder {
    private static final int ACCEPT_BACKLOG = 1024;

    /**
     * Names of free ports that are still to be found. Vert.x lets servers that are told the same number share a port, and
     * finds a free one for a number below zero. A number is used once: were a free port looked up first and then bound
     * by its own number, two listeners could find the same one, and each would get some of the other's clients.
     */
    private static final AtomicInteger ANY_FREE = new AtomicInteger();

    private final List<EventLoop> loops;
    private final Handshakes handshakes;

    PortBinder(List<EventLoop> loops, Handshakes handshakes) {
        this.loops = loops;
        this.handshakes = handshakes;
    }

    Vertx vertx() {
        return loops.get(0).context().owner();
    }

    /**
     * A port that is bound.
     *
     * @param port the port, never 0
     */
    record BoundPort(int port, List<NetServer> servers) {
        /** What new connections are met with, from now on. The servers of a port share it. */
        Future<Void> tls(ServerSSLOptions options) {
            return servers.get(0).updateSSLOptions(options).mapEmpty();
        }

        /** Closes one server after the other: they share the port, and the last one takes it along. */
        Future<Void> close() {
            Future<Void> closed = Future.succeededFuture();
            for (NetServer server : servers) {
                closed = closed.compose(ignored -> server.close()).otherwiseEmpty();
            }
            return closed;
        }
    }

    /** Takes what comes to a port. */
    interface ConnectionHandler {
        /** A connection, on its event loop; with TLS, after the handshake. */
        void accept(NetSocketInternal socket, EventLoop loop);

        /**
         * A connection ended before it could be accepted: its TLS handshake failed.
         *
         * @param peer the client's address, or {@code null} when it went before its handshake began
         */
        void refused(@Nullable SocketAddress peer, Throwable cause);
    }

    /**
     * Binds.
     *
     * @param port 0 for any free one
     * @param tls what connections are met with, or {@code null} for plaintext
     * @param handler takes the connections
     */
    Future<BoundPort> bind(ListenerConfig config, int port, @Nullable ServerSSLOptions tls, ConnectionHandler handler) {
        int number = port > 0 ? port : ANY_FREE.decrementAndGet();
        List<NetServer> servers = new ArrayList<>(loops.size());
        return bindNext(config, options(config, tls), number, handler, servers)
                .map(bound -> new BoundPort(servers.get(0).actualPort(), List.copyOf(servers)))
                .recover(e -> new BoundPort(port, servers)
                        .close()
                        .transform(closed -> Future.failedFuture(new ListenException(
                                "listener " + config.name() + " cannot listen on "
                                        + config.bind().host() + ":" + port + ": " + e.getMessage(),
                                e))));
    }

    private Future<Void> bindNext(
            ListenerConfig config,
            NetServerOptions options,
            int number,
            ConnectionHandler handler,
            List<NetServer> servers) {
        if (servers.size() == loops.size()) {
            return Future.succeededFuture();
        }
        EventLoop loop = loops.get(servers.size());
        Promise<NetServer> listening = Promise.promise();
        loop.context().runOnContext(ignored -> {
            NetServer server = loop.context().owner().createNetServer(options);
            server.connectHandler(socket -> handler.accept((NetSocketInternal) socket, loop));
            server.exceptionHandler(cause -> handler.refused(Handshakes.peerOf(cause), cause));
            server.listen(number, config.bind().host()).onComplete(listening);
        });
        return listening.future().compose(bound -> {
            servers.add(bound);
            return bindNext(config, options, number, handler, servers);
        });
    }

    private NetServerOptions options(ListenerConfig config, @Nullable ServerSSLOptions tls) {
        NetServerOptions options = new NetServerOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReuseAddress(true)
                .setAcceptBacklog(ACCEPT_BACKLOG);
        return tls == null
                ? options
                : options.setSsl(true)
                        .setSslEngineOptions(handshakes)
                        .setSni(tls.isSni())
                        .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                        .setSslHandshakeTimeout(config.limits().handshakeTimeoutMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setKeyCertOptions(tls.getKeyCertOptions())
                        .setTrustOptions(tls.getTrustOptions())
                        .setClientAuth(tls.getClientAuth());
    }
}
