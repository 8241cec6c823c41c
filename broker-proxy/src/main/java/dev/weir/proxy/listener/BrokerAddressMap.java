package dev.weir.proxy.listener;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.wire.AddressMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where clients of one listener reach each broker. Any thread.
 *
 * <p>INVARIANT: what comes out is an address of this listener, or one where nobody listens. A broker that has no port
 * here yet, or may have none, gets the latter: clients are refused and look again. The bootstrap port would not do: it
 * leads to any broker, and a client keeps the connection that it has for a node, however its address changes.
 */
final class BrokerAddressMap implements AddressMap {
    /** Reserved (RFC 1078), privileged, and in use nowhere. */
    private static final int NOBODYS_PORT = 1;

    private final String advertisedHost;
    private final Map<Integer, Address> boundByNodeId = new ConcurrentHashMap<>();
    private volatile @Nullable Address bootstrap;

    BrokerAddressMap(String advertisedHost) {
        this.advertisedHost = advertisedHost;
    }

    void bootstrapBound(int port) {
        bootstrap = new Address(advertisedHost, port);
    }

    void brokerBound(int nodeId, int port) {
        boundByNodeId.put(nodeId, new Address(advertisedHost, port));
    }

    boolean isBound(int nodeId) {
        return boundByNodeId.containsKey(nodeId);
    }

    Map<Integer, Endpoint> bound() {
        Map<Integer, Endpoint> endpoints = new java.util.TreeMap<>();
        boundByNodeId.forEach((nodeId, address) -> endpoints.put(nodeId, new Endpoint(address.host(), address.port())));
        return endpoints;
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
