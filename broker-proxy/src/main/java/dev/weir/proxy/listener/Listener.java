package dev.weir.proxy.listener;

import dev.weir.proxy.cluster.ClusterState;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.ConnectionFactory;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.connection.ListenerScope;
import dev.weir.proxy.connection.UpstreamTarget;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One front door: a bootstrap port, and a port for each broker that the cluster has, or has had. Follows the cluster's
 * brokers. A broker that is gone keeps its port, so that it finds it free when it comes back, and so that nobody else
 * answers there.
 */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final ListenerScope scope;
    private final ConnectionFactory connections;
    private final PortBinder binder;
    private final BrokerAddressMap addresses;
    private final Queue<PortBinder.BoundPort> bound = new ConcurrentLinkedQueue<>();
    private final Set<Integer> binding = ConcurrentHashMap.newKeySet();
    private final Map<Integer, String> problems = new ConcurrentHashMap<>();
    private volatile @Nullable Endpoint bootstrap;
    private volatile boolean closed;

    Listener(ListenerScope scope, BrokerAddressMap addresses, ConnectionFactory connections, PortBinder binder) {
        this.scope = scope;
        this.addresses = addresses;
        this.connections = connections;
        this.binder = binder;
    }

    ListenerConfig config() {
        return scope.config();
    }

    /** Binds the bootstrap port and those of the brokers that are known; fails when a port is taken. */
    Future<Void> start() {
        UpstreamTarget any = UpstreamTarget.anyBroker(
                scope.cluster(),
                scope.telemetry().metrics().upstream(scope.cluster().name()));
        // brokers first: whoever finds the bootstrap port open is told where they are
        return bindBrokers(scope.cluster().state(), true)
                .compose(ignored -> binder.bind(config(), config().bind().port(), toward(any)))
                .compose(port -> {
                    bound.add(port);
                    addresses.bootstrapBound(port.port());
                    bootstrap = new Endpoint(config().advertisedHost(), port.port());
                    scope.cluster().onChange(this::follow);
                    return bindBrokers(scope.cluster().state(), true);
                });
    }

    private PortBinder.ConnectionHandler toward(UpstreamTarget target) {
        return new PortBinder.ConnectionHandler() {
            @Override
            public void accept(NetSocketInternal socket, EventLoop loop) {
                connections.accept(scope, target, socket, loop);
            }

            @Override
            public void refused(Throwable cause) {
                connections.refused(scope, cause);
            }
        };
    }

    private void follow(ClusterState state) {
        bindBrokers(state, false);
    }

    private Future<Void> bindBrokers(ClusterState state, boolean starting) {
        List<Future<Void>> all = state.brokers().keySet().stream()
                .filter(nodeId -> !closed && !addresses.isBound(nodeId) && binding.add(nodeId))
                .map(nodeId -> bindBroker(nodeId, starting))
                .toList();
        return Future.join(all).mapEmpty();
    }

    private Future<Void> bindBroker(int nodeId, boolean starting) {
        if (!config().brokerPorts().covers(nodeId)) {
            problem(
                    nodeId,
                    "broker " + nodeId + " has no port on listener " + config().name()
                            + ": brokerPorts covers nodes "
                            + config().brokerPorts().firstNodeId() + " to "
                            + config().brokerPorts().lastNodeId());
            return Future.succeededFuture();
        }
        UpstreamTarget target = UpstreamTarget.broker(
                scope.cluster(),
                nodeId,
                scope.telemetry().metrics().upstream(scope.cluster().name()));
        return binder.bind(config(), config().brokerPorts().portOf(nodeId), toward(target))
                .compose(port -> closed
                        ? port.close().compose(gone -> Future.<PortBinder.BoundPort>failedFuture("closing"))
                        : Future.succeededFuture(port))
                .map(port -> {
                    bound.add(port);
                    addresses.brokerBound(nodeId, port.port());
                    problems.remove(nodeId);
                    return (Void) null;
                })
                .recover(e -> {
                    problem(
                            nodeId,
                            "broker " + nodeId + " has no port on listener " + config().name() + ": " + e.getMessage());
                    return starting ? Future.failedFuture(e) : Future.succeededFuture();
                })
                .onComplete(done -> binding.remove(nodeId));
    }

    private void problem(int nodeId, String text) {
        if (!text.equals(problems.put(nodeId, text))) {
            LOG.atError()
                    .addKeyValue("listener", config().name())
                    .addKeyValue("broker", nodeId)
                    .addKeyValue("reason", text)
                    .log("broker cannot be reached through this listener");
        }
        binding.remove(nodeId);
    }

    /** What clients connect to, once bound. */
    BoundListener status() {
        Endpoint address = bootstrap;
        return new BoundListener(
                config().name(),
                config().cluster(),
                address == null ? config().bind() : address,
                Map.copyOf(addresses.bound()),
                List.copyOf(problems.values()));
    }

    /** Takes no more connections. */
    Future<Void> closePorts() {
        closed = true;
        return Future.join(bound.stream().map(PortBinder.BoundPort::close).toList())
                .mapEmpty();
    }
}
