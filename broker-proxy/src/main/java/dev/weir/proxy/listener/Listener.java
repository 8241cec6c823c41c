package dev.weir.proxy.listener;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One front door: its ports, and how its brokers are told apart. */
final class Listener {
    private final AddressMapper addresses;
    private final Entrance entrance;
    private volatile @Nullable Endpoint bootstrap;

    Listener(AddressMapper addresses, Entrance entrance) {
        this.addresses = addresses;
        this.entrance = entrance;
    }

    /** Binds the bootstrap port and those of the brokers that are known; fails when a port is taken. */
    Future<Void> start() {
        return addresses.open(entrance).map(opened -> {
            bootstrap = opened;
            return (Void) null;
        });
    }

    /** What clients connect to, once bound. */
    BoundListener status() {
        ListenerConfig config = entrance.config();
        Endpoint address = bootstrap;
        return new BoundListener(
                config.name(),
                config.cluster(),
                address == null ? config.bind() : address,
                Map.copyOf(addresses.reached()),
                List.copyOf(addresses.problems()));
    }

    /** Takes no more connections. */
    Future<Void> closePorts() {
        return entrance.close();
    }
}
