package dev.weir.proxy.listener;

import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.ConnectionFactory;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.connection.ListenerScope;
import dev.weir.proxy.connection.UpstreamTarget;
import dev.weir.proxy.telemetry.RefusalReason;
import dev.weir.proxy.telemetry.UpstreamMetrics;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The ports of one listener, and what becomes of the sockets that they accept. Any thread. */
final class Entrance {
    private final ListenerScope scope;
    private final ConnectionFactory connections;
    private final PortBinder binder;
    private final Queue<PortBinder.BoundPort> bound = new ConcurrentLinkedQueue<>();
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
     * Takes connections at a port.
     *
     * @param port 0 for any free one
     * @return the port; fails when it is taken, or when the listener was closed meanwhile
     */
    Future<Integer> bind(int port, Route route) {
        return binder.bind(config(), port, handler(route)).compose(bind -> {
            bound.add(bind);
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
            public void refused(Throwable cause) {
                connections.refused(scope, cause);
            }
        };
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes no more connections. */
    Future<Void> close() {
        closed = true;
        return Future.join(bound.stream().map(PortBinder.BoundPort::close).toList())
                .mapEmpty();
    }
}
