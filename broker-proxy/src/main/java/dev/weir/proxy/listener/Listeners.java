package dev.weir.proxy.listener;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.proxy.authenticate.Authentication;
import dev.weir.proxy.authenticate.LogInThreads;
import dev.weir.proxy.cluster.Cluster;
import dev.weir.proxy.config.BrokerAddressing;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.connection.ConnectionFactory;
import dev.weir.proxy.connection.EventLoop;
import dev.weir.proxy.connection.ListenerScope;
import dev.weir.proxy.connection.Protocol;
import dev.weir.proxy.telemetry.ProxyTelemetry;
import dev.weir.proxy.tls.CertificateStatus;
import dev.weir.proxy.tls.Handshakes;
import dev.weir.proxy.upstream.UpstreamCredentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** All front doors of a proxy. */
public final class Listeners {
    private final List<Listener> listeners = new ArrayList<>();

    /**
     * Makes them; nothing is bound yet.
     *
     * @param clusters the clusters by name; each listener's is among them
     * @param threads where log-ins are worked out
     * @param handshakes how those of TLS are done
     */
    public Listeners(
            Vertx vertx,
            List<ListenerConfig> configs,
            Map<String, Cluster> clusters,
            Supplier<PolicySnapshot> policy,
            ProxyTelemetry telemetry,
            Protocol protocol,
            ConnectionFactory connections,
            List<EventLoop> loops,
            LogInThreads threads,
            Handshakes handshakes) {
        PortBinder binder = new PortBinder(loops, handshakes);
        for (ListenerConfig config : configs) {
            Cluster cluster = clusters.get(config.cluster());
            if (cluster == null) {
                throw new IllegalArgumentException("listener " + config.name() + " names an unknown cluster");
            }
            AddressMapper addresses = addresses(config);
            ListenerScope scope = ListenerScope.of(
                    config,
                    cluster,
                    policy,
                    addresses,
                    Authentication.open(config, threads, telemetry.metrics().listener(config.name())),
                    UpstreamCredentials.of(config.upstream(), cluster.connector(), vertx),
                    telemetry,
                    protocol);
            listeners.add(new Listener(addresses, new Entrance(scope, connections, binder)));
        }
    }

    private static AddressMapper addresses(ListenerConfig config) {
        BrokerAddressing brokers = config.brokers();
        if (brokers instanceof BrokerNames names) {
            return new NamePerBroker(names);
        }
        return new PortPerBroker(config.advertisedHost(), (BrokerPorts) brokers);
    }

    /** Binds all ports; fails with the first that cannot be bound, naming it. */
    public Future<Void> start() {
        return Future.join(listeners.stream().map(Listener::start).toList()).mapEmpty();
    }

    public List<BoundListener> status() {
        return listeners.stream().map(Listener::status).toList();
    }

    /** Certificates in force. */
    public List<CertificateStatus> certificates() {
        return listeners.stream()
                .flatMap(listener -> listener.certificates().stream())
                .toList();
    }

    /** For each listener with TLS, whether certificate files have changed and could not be taken. */
    public Map<String, Boolean> certificatesRefused() {
        Map<String, Boolean> refused = new LinkedHashMap<>();
        listeners.stream()
                .filter(listener -> listener.config().tls() != null)
                .forEach(listener -> refused.put(listener.config().name(), listener.certificatesRefused()));
        return refused;
    }

    /** Takes no more connections. */
    public Future<Void> closePorts() {
        return Future.join(listeners.stream().map(Listener::closePorts).toList())
                .mapEmpty();
    }
}
