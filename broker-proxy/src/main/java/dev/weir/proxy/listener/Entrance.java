package dev.weir.proxy.listener;

import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.ConnectionFactory;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.connection.ListenerScope;
import dev.weir.proxy.connection.UpstreamTarget;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.UpstreamMetrics;
import dev.weir.proxy.tls.CertificateStatus;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ports of one listener, and what becomes of the sockets that they accept. Any thread. */
final class Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final ListenerScope scope;
    private final ConnectionFactory connections;
    private final PortBinder binder;
    private final Queue<PortBinder.BoundPort> bound = new ConcurrentLinkedQueue<>();
    private volatile @Nullable ListenerCertificates certificates;
    private volatile boolean closed;

    Entrance(ListenerScope scope, ConnectionFactory connections, PortBinder binder) {
        this.scope = scope;
        this.connections = connections;
        this.binder = binder;
    }

    /** Where a socket leads. On its event loop. */
    @FunctionalInterface
    interface Route {
        Destination of(NetSocketInternal socket);
    }

    /** What becomes of a socket. */
    sealed interface Destination {
        /** It is served. */
        record To(UpstreamTarget target) implements Destination {}

        /** It is closed, logged and counted. */
        record Nowhere(RefusalReason kind, String reason) implements Destination {}
    }

    ListenerConfig config() {
        return scope.config();
    }

    /** What is wrong with the files and keys by which clients prove who they are. */
    List<String> problems() {
        return scope.authentication().problems();
    }

    Cluster cluster() {
        return scope.cluster();
    }

    Destination.To anyBroker() {
        return new Destination.To(UpstreamTarget.anyBroker(cluster(), metrics()));
    }

    Destination.To broker(int nodeId) {
        return new Destination.To(UpstreamTarget.broker(cluster(), nodeId, metrics()));
    }

    private UpstreamMetrics metrics() {
        return scope.telemetry().metrics().upstream(cluster().name());
    }

    /**
     * Reads what clients are met with, on a worker, and follows it; before the first port is bound. Fails with a
     * {@link ListenException} when it cannot be used.
     */
    Future<Void> readCertificates() {
        return binder.vertx()
                .executeBlocking(
                        () -> {
                            ListenerCertificates own =
                                    ListenerCertificates.open(binder.vertx(), config(), this::renewed);
                            certificates = own;
                            if (closed && own != null) {
                                own.close(); // meanwhile
                            }
                            return null;
                        },
                        false)
                .mapEmpty();
    }

    /** Certificates in force; none without TLS. */
    List<CertificateStatus> certificates() {
        ListenerCertificates own = certificates;
        return own == null ? List.of() : own.certificates();
    }

    /** Why the certificate files as they are now are not in force, or {@code null} when they are. */
    @Nullable
    String certificateProblem() {
        ListenerCertificates own = certificates;
        return own == null ? null : own.problem();
    }

    /** For handshakes from now on, on every port. */
    private void renewed(ServerSSLOptions options) {
        bound.forEach(port -> present(port, options));
    }

    private void present(PortBinder.BoundPort port, ServerSSLOptions options) {
        port.tls(options).onFailure(e -> {
            if (!closed) {
                LOG.atError()
                        .addKeyValue("listener", config().name())
                        .addKeyValue("port", port.port())
                        .setCause(e)
                        .log("new certificates could not be taken; those before stay");
            }
        });
    }

    /**
     * Takes connections at a port.
     *
     * @param port 0 for any free one
     * @return the port; fails when it is taken, or when the listener was closed meanwhile
     */
    Future<Integer> bind(int port, Route route) {
        ListenerCertificates own = certificates;
        return binder.bind(config(), port, own == null ? null : own.options(), handler(route))
                .compose(bind -> {
                    bound.add(bind);
                    if (own != null) {
                        present(bind, own.options()); // what it was bound with may have been renewed meanwhile
                    }
                    return closed
                            ? bind.close().compose(gone -> Future.failedFuture("closing"))
                            : Future.succeededFuture(bind.port());
                });
    }

    private PortBinder.ConnectionHandler handler(Route route) {
        return new PortBinder.ConnectionHandler() {
            @Override
            public void accept(NetSocketInternal socket, EventLoop loop) {
                Destination destination = route.of(socket);
                if (destination instanceof Destination.To to) {
                    connections.accept(scope, to.target(), socket, loop);
                } else if (destination instanceof Destination.Nowhere nowhere) {
                    connections.refuse(scope, socket, nowhere.kind(), nowhere.reason());
                }
            }

            @Override
            public void refused(@Nullable SocketAddress peer, Throwable cause) {
                connections.refused(scope, peer, cause);
            }
        };
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes no more connections. */
    Future<Void> close() {
        closed = true;
        ListenerCertificates own = certificates;
        if (own != null) {
            own.close();
        }
        return Future.join(bound.stream().map(PortBinder.BoundPort::close).toList())
                .mapEmpty();
    }
}
