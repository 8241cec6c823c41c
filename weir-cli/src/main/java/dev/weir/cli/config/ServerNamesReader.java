package dev.weir.cli.config;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.BrokerNames;
import dev.weir.proxy.config.ListenerTls;
import java.util.List;
import java.util.Optional;

/** Reads {@code sni} of a listener: one port, and a host name for each broker. */
final class ServerNamesReader {
    private final Problems problems;

    ServerNamesReader(Problems problems) {
        this.problems = problems;
    }

    /**
     * The names, if the listener has any and they are right.
     *
     * @param tls what was read of the listener's TLS
     */
    Optional<BrokerNames> read(YamlObject listener, Optional<ListenerTls> tls) {
        return listener.object("sni", this::names).flatMap(read -> read).filter(names -> {
            fitsTheRest(listener);
            tls.ifPresent(present -> certificateCovers(names, present, listener.at("tls")));
            return tls.isPresent();
        });
    }

    private Optional<BrokerNames> names(YamlObject sni) {
        Text bootstrap = sni.requiredText("bootstrap");
        Text broker = sni.requiredText("broker");
        int port = (int) sni.integer("port", 1, 65_535, 0);
        if (bootstrap.isEmpty() || broker.isEmpty()) {
            return Optional.empty();
        }
        String problem = BrokerNames.problem(bootstrap.value(), broker.value());
        if (problem != null) {
            problems.add(
                    sni.at(),
                    problem,
                    '"' + bootstrap.value() + "\" and \"" + broker.value() + '"',
                    "names such as kafka.mesh.example and broker-{id}.kafka.mesh.example");
            return Optional.empty();
        }
        return Optional.of(BrokerNames.of(bootstrap.value(), broker.value(), port));
    }

    private void fitsTheRest(YamlObject listener) {
        for (String other : List.of("brokerPorts", "advertisedHost")) {
            if (listener.has(other)) {
                problems.add(
                        listener.at(other),
                        "\"sni\" and \"" + other + "\" exclude each other: names say which broker, and where",
                        "both",
                        "one of them");
            }
        }
        if (!listener.has("tls")) {
            problems.add(listener.at("sni"), "only TLS tells server names", "no \"tls\"", "also \"tls\"");
        }
    }

    /** Clients would refuse it, each by itself and later. */
    private void certificateCovers(BrokerNames names, ListenerTls tls, Position at) {
        Optional<List<String>> covered = PemFiles.dnsNames(tls.certificate());
        if (covered.isEmpty()) {
            return; // reported where the certificate stands
        }
        for (String name : List.of(names.bootstrap(), names.hostOf(0))) {
            if (covered.get().stream().noneMatch(pattern -> covers(pattern, name))) {
                problems.add(
                        at,
                        "the certificate does not hold for " + name,
                        covered.get().isEmpty() ? "no DNS names" : String.join(", ", covered.get()),
                        "subject alternative names for " + names.bootstrap()
                                + " and, with a wildcard, for all brokers");
            }
        }
    }

    /** RFC 9525, section 6.3: a wildcard is the whole leftmost label, and stands for one. */
    private static boolean covers(String pattern, String name) {
        if (!pattern.startsWith("*.")) {
            return pattern.equalsIgnoreCase(name);
        }
        int dot = name.indexOf('.');
        return dot > 0 && pattern.substring(1).equalsIgnoreCase(name.substring(dot));
    }
}
