package dev.weir.cli.config;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.proxy.config.BrokerPorts;
import dev.weir.proxy.config.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** All ports that a configuration wants to listen on; finds those that are wanted twice. */
final class PortPlan {
    private final Problems problems;
    private final List<Ports> wanted = new ArrayList<>();

    PortPlan(Problems problems) {
        this.problems = problems;
    }

    /** One port; any free one is left out. */
    void add(Endpoint bind, String what, Position at) {
        if (bind.port() != 0) {
            wanted.add(new Ports(bind.host(), bind.port(), bind.port(), what, at));
        }
    }

    /** The port of every broker that a listener may get. */
    void add(String host, BrokerPorts brokers, String what, Position at) {
        if (brokers.firstPort() != 0) {
            wanted.add(new Ports(host, brokers.firstPort(), brokers.portOf(brokers.lastNodeId()), what, at));
        }
    }

    void check() {
        for (int i = 0; i < wanted.size(); i++) {
            for (int j = 0; j < i; j++) {
                Ports later = wanted.get(i);
                Ports earlier = wanted.get(j);
                if (later.overlaps(earlier)) {
                    problems.add(
                            later.at,
                            later.what + " and " + earlier.what + " (line " + earlier.at.line() + ") want the same",
                            later.shown(),
                            "none of " + earlier.shown());
                }
            }
        }
    }

    private record Ports(String host, int first, int last, String what, Position at) {
        boolean overlaps(Ports other) {
            boolean sameHost =
                    host.equals(other.host) || Endpoints.isWildcard(host) || Endpoints.isWildcard(other.host);
            return sameHost && first <= other.last && other.first <= last;
        }

        String shown() {
            return first == last ? "port " + first : "ports " + first + " to " + last;
        }
    }
}
