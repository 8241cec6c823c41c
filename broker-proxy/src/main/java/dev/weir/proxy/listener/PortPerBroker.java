package dev.weir.proxy.listener;

import dev.weir.proxy.cluster.ClusterState;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.Endpoint;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bootstrap port, and a port for each broker that the cluster has, or has had. A broker that is gone keeps its port, so
 * that it finds it free when it comes back, and so that nobody else answers there.
 *
 * <p>A broker that has no port here yet, or may have none, is told to be where nobody listens: clients are refused and
 * look again. The bootstrap port would not do: it leads to any broker, and a client keeps the connection that it has for
 * a node, however its address changes.
 */
final class PortPerBroker implements AddressMapper {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Reserved (RFC 1078), privileged, and in use nowhere. */
    private static final int NOBODYS_PORT = 1;

    private final String advertisedHost;
    private final BrokerPorts ports;
    private final Map<Integer, Address> boundByNodeId = new ConcurrentHashMap<>();
    private final Set<Integer> binding = ConcurrentHashMap.newKeySet();
    private final Map<Integer, String> problems = new ConcurrentHashMap<>();
    private volatile @Nullable Address bootstrap;

    PortPerBroker(String advertisedHost, BrokerPorts ports) {
        this.advertisedHost = advertisedHost;
        this.ports = ports;
    }

    @Override
    public Future<Endpoint> open(Entrance entrance) {
        Entrance.Destination any = entrance.anyBroker();
        // brokers first: whoever finds the bootstrap port open is told where they are
        return bindBrokers(entrance, entrance.cluster().state(), true)
                .compose(ignored -> entrance.bind(entrance.config().bind().port(), socket -> any))
                .compose(port -> {
                    bootstrap = new Address(advertisedHost, port);
                    entrance.cluster().onChange(state -> bindBrokers(entrance, state, false));
                    return bindBrokers(entrance, entrance.cluster().state(), true)
                            .map(new Endpoint(advertisedHost, port));
                });
    }

    private Future<Void> bindBrokers(Entrance entrance, ClusterState state, boolean starting) {
        List<Future<Void>> all = state.brokers().keySet().stream()
                .filter(nodeId -> !entrance.isClosed() && !boundByNodeId.containsKey(nodeId) && binding.add(nodeId))
                .map(nodeId -> bindBroker(entrance, nodeId, starting).onComplete(done -> binding.remove(nodeId)))
                .toList();
        return Future.join(all).mapEmpty();
    }

    private Future<Void> bindBroker(Entrance entrance, int nodeId, boolean starting) {
        if (!ports.covers(nodeId)) {
            problem(entrance, nodeId, "brokerPorts covers nodes " + ports.firstNodeId() + " to " + ports.lastNodeId());
            return Future.succeededFuture();
        }
        Entrance.Destination broker = entrance.broker(nodeId);
        return entrance.bind(ports.portOf(nodeId), socket -> broker)
                .map(port -> {
                    boundByNodeId.put(nodeId, new Address(advertisedHost, port));
                    problems.remove(nodeId);
                    return (Void) null;
                })
                .recover(e -> {
                    problem(entrance, nodeId, String.valueOf(e.getMessage()));
                    return starting ? Future.failedFuture(e) : Future.succeededFuture();
                });
    }

    private void problem(Entrance entrance, int nodeId, String why) {
        String listener = entrance.config().name();
        String text = "broker " + nodeId + " has no port on listener " + listener + ": " + why;
        if (!text.equals(problems.put(nodeId, text))) {
            LOG.atError()
                    .addKeyValue("listener", listener)
                    .addKeyValue("broker", nodeId)
                    .addKeyValue("reason", text)
                    .log("broker cannot be reached through this listener");
        }
    }

    @Override
    public Map<Integer, Endpoint> reached() {
        Map<Integer, Endpoint> endpoints = new TreeMap<>();
        boundByNodeId.forEach((nodeId, address) -> endpoints.put(nodeId, new Endpoint(address.host(), address.port())));
        return endpoints;
    }

    @Override
    public List<String> problems() {
        return List.copyOf(problems.values());
    }

    @Override
    public @Nullable Address map(Role role, int nodeId, String host, int port) {
        if (role == Role.CONTROLLER) {
            return null; // controllers have no listener here
        }
        Address bound = boundByNodeId.get(nodeId);
        if (bound != null) {
            return bound;
        }
        return nodeId < 0 ? bootstrap : new Address(advertisedHost, NOBODYS_PORT);
    }
}
