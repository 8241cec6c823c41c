package dev.weir.proxy.listener;

import dev.weir.proxy.config.Endpoint;
import dev.weir.proxy.config.ListenerConfig;
import dev.weir.proxy.tls.CertificateStatus;
import io.vertx.core.Future;
import java.util.ArrayList;
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

    ListenerConfig config() {
        return entrance.config();
    }

    /** Binds the bootstrap port and those of the brokers that are known; fails when a port is taken. */
    Future<Void> start() {
        return entrance.readCertificates()
                .compose(read -> addresses.open(entrance))
                .map(opened -> {
                    bootstrap = opened;
                    return (Void) null;
                });
    }

    /** What clients connect to, once bound. */
    BoundListener status() {
        ListenerConfig config = entrance.config();
        Endpoint address = bootstrap;
        List<String> problems = new ArrayList<>(addresses.problems());
        problems.addAll(entrance.problems());
        String refused = entrance.certificateProblem();
        if (refused != null) {
            problems.add("new certificate files are not in force: " + refused);
        }
        return new BoundListener(
                config.name(),
                config.cluster(),
                address == null ? config.bind() : address,
                Map.copyOf(addresses.reached()),
                List.copyOf(problems));
    }

    /** Certificates in force; none without TLS. */
    List<CertificateStatus> certificates() {
        return entrance.certificates();
    }

    /** Whether certificate files have changed, and could not be taken; never without TLS. */
    boolean certificatesRefused() {
        return entrance.certificateProblem() != null;
    }

    /** Takes no more connections. */
    Future<Void> closePorts() {
        return entrance.close();
    }
}
