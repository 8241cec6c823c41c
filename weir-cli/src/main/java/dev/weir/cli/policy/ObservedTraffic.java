package dev.weir.cli.policy;

import dev.weir.cli.topology.TopologyApi;
import dev.weir.cli.topology.Words;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a mesh saw in some time until now.
 *
 * @param edges each with what it did since it was first seen
 * @param fromMillis when observation began: as long ago as asked for, or when the mesh saw its first traffic
 * @param untilMillis now, by the mesh's clock
 */
record ObservedTraffic(List<Seen> edges, long fromMillis, long untilMillis, Duration asked) {

    /**
     * One edge.
     *
     * @param service the client's Service, or its principal where policy knows no Service for it
     * @param declared whether it is a Service
     */
    record Seen(String service, boolean declared, String topic, Edge edge) {
        boolean flowed() {
            return edge.recordsTotal() > 0;
        }

        /** {@code consumes orders as group payments-1}. */
        String deed() {
            return edge.operation() == Edge.Operation.PRODUCE
                    ? "produces to " + topic
                    : "consumes " + topic + (edge.group().isEmpty() ? "" : " in group " + edge.group());
        }
    }

    ObservedTraffic {
        edges = List.copyOf(edges);
    }

    static ObservedTraffic ask(TopologyApi api, Duration since) {
        return of(api.topology(Duration.ofMillis(Moment.WINDOW_MILLIS_MAX)), since);
    }

    static ObservedTraffic of(Topology topology, Duration since) {
        Map<String, Node> nodes = topology.nodes().stream()
                .collect(Collectors.toMap(Node::id, Function.identity(), (first, second) -> first));
        long wanted = topology.at() - since.toMillis();
        long first = topology.edges().stream()
                .mapToLong(Edge::firstSeenMillis)
                .filter(millis -> millis >= 0)
                .min()
                .orElse(topology.at());
        List<Seen> seen = topology.edges().stream()
                .filter(edge -> edge.lastSeenMillis() >= wanted)
                .flatMap(edge -> seen(edge, nodes).stream())
                .toList();
        return new ObservedTraffic(seen, Math.max(wanted, first), topology.at(), since);
    }

    /** Nothing for edges that are nobody's in particular: what goes around the mesh, or is beyond a limit. */
    private static List<Seen> seen(Edge edge, Map<String, Node> nodes) {
        boolean produce = edge.operation() == Edge.Operation.PRODUCE;
        Node client = nodes.get(produce ? edge.from() : edge.to());
        Node topic = nodes.get(produce ? edge.to() : edge.from());
        if (client == null || topic == null || topic.kind() != Node.Kind.TOPIC) {
            return List.of();
        }
        return switch (client.kind()) {
            case SERVICE, PRINCIPAL ->
                List.of(new Seen(client.name(), client.kind() == Node.Kind.SERVICE, topic.name(), edge));
            case TOPIC, BYPASS, OTHER -> List.of();
        };
    }

    long observedMillis() {
        return untilMillis - fromMillis;
    }

    /** Whether it was observed for as long as was asked for. */
    boolean isWhole() {
        return observedMillis() >= asked.toMillis();
    }

    /** {@code 3 h 5 min, from 2026-11-22T10:00:00Z on; asked for were 7 d}. */
    String howLong() {
        String from = Instant.ofEpochSecond(fromMillis / 1_000).toString();
        String shortfall = isWhole() ? "" : "; asked for were " + Words.time(asked.toMillis());
        return Words.time(observedMillis()) + ", from " + from + " on" + shortfall;
    }
}
