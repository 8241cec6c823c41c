package dev.weir.proxy.listener;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.wire.AddressMap;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/**
 * How the clients of one listener reach each broker, and what they are told of it: a port for each ({@link PortPerBroker}),
 * or one port, and a host name for each ({@link NamePerBroker}). Any thread.
 *
 * <p>INVARIANT: what {@link #map} gives is an address of this listener, or one where nobody listens.
 */
interface AddressMapper extends AddressMap {

    /**
     * Opens the ports that clients need now, and follows the cluster's brokers from then on.
     *
     * @return what clients get as {@code bootstrap.servers}; fails when a port cannot be bound
     */
    Future<Endpoint> open(Entrance entrance);

    /** Where each broker is reached that clients may be sent to, by node id. */
    Map<Integer, Endpoint> reached();

    /** Brokers that clients cannot reach here, and why. */
    List<String> problems();
}
