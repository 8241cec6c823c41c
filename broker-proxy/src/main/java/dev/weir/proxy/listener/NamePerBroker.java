package dev.weir.proxy.listener;

import dev.weir.proxy.cluster.ClusterState;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.telemetry.RefusalReason;
import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One port, and a host name for each broker, which the client's TLS tells (SNI). Whoever tells none, one of another listener,
 * or one of a broker that the cluster has never had, is closed. Names are those of the template, so that clients may be
 * told of a broker before anything here has heard of it.
 *
 * <p>The name comes from the client's own first message, never from a TLS session that is resumed.
 */
final class NamePerBroker implements AddressMapper {
    /** What may stand in a log line of what a client chose. */
    private static final Pattern SHOWN = Pattern.compile("[a-z0-9._-]{1,253}");

    private final BrokerNames names;
    private final Map<Integer, Entrance.Destination> brokers = new ConcurrentHashMap<>();
    private volatile @Nullable Address bootstrap;

    NamePerBroker(BrokerNames names) {
        this.names = names;
    }

    @Override
    public Future<Endpoint> open(Entrance entrance) {
        follow(entrance, entrance.cluster().state());
        entrance.cluster().onChange(state -> follow(entrance, state));
        Entrance.Destination any = entrance.anyBroker();
        return entrance.bind(entrance.config().bind().port(), socket -> route(socket, any))
                .map(bound -> {
                    int port = names.advertisedPort() == 0 ? bound : names.advertisedPort();
                    bootstrap = new Address(names.bootstrap(), port);
                    return new Endpoint(names.bootstrap(), port);
                });
    }

    /** A broker that is gone keeps its place: its clients are told that it is not there, and look again. */
    private void follow(Entrance entrance, ClusterState state) {
        state.brokers().keySet().forEach(nodeId -> brokers.computeIfAbsent(nodeId, entrance::broker));
    }

    private Entrance.Destination route(NetSocketInternal socket, Entrance.Destination any) {
        String name = socket.indicatedServerName();
        if (name == null || name.isEmpty()) {
            return nowhere("no server name was told (SNI); clients connect by name, not by address");
        }
        if (names.isBootstrap(name)) {
            return any;
        }
        OptionalInt nodeId = names.nodeId(name);
        if (nodeId.isEmpty()) {
            return nowhere("the server name " + shown(name) + " is none of this listener's");
        }
        Entrance.Destination broker = brokers.get(nodeId.getAsInt());
        return broker == null
                ? nowhere("the server name " + shown(name) + " is of a broker that the cluster does not have")
                : broker;
    }

    private static Entrance.Destination nowhere(String reason) {
        return new Entrance.Destination.Nowhere(RefusalReason.SERVER_NAME, reason);
    }

    private static String shown(String name) {
        return SHOWN.matcher(name).matches() ? name : "(not a host name)";
    }

    @Override
    public Map<Integer, Endpoint> reached() {
        Map<Integer, Endpoint> endpoints = new TreeMap<>();
        Address any = bootstrap;
        if (any != null) {
            brokers.keySet().forEach(nodeId -> endpoints.put(nodeId, new Endpoint(names.hostOf(nodeId), any.port())));
        }
        return endpoints;
    }

    @Override
    public List<String> problems() {
        return List.of();
    }

    @Override
    public @Nullable Address map(Role role, int nodeId, String host, int port) {
        Address any = bootstrap;
        if (role == Role.CONTROLLER || any == null) {
            return null; // controllers have no listener here
        }
        return nodeId < 0 ? any : new Address(names.hostOf(nodeId), any.port());
    }
}
