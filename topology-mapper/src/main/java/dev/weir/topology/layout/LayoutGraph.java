package dev.weir.topology.layout;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.MirrorEdge;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a layout has to place, in an order that depends on names only, so that the same graph always gives the same
 * picture.
 */
record LayoutGraph(Map<String, Box> nodes, List<Link> links) {
    static final long NODE_WIDTH = 168;
    static final long NODE_HEIGHT = 36;
    private static final long TOPIC_HEIGHT = 28;
    /** A service grows by this for every further version, whether versions are shown or not: nothing moves then. */
    private static final long VERSION_HEIGHT = 14;

    private static final int VERSIONS_SHOWN = 4;

    /** A topic with more producers times consumers than this gets a part of its links when services are joined. */
    private static final int JOINED_LINKS_MAX = 400;

    /** The size of one node, and the team it belongs to. */
    record Box(String id, long width, long height, String team) {}

    record Link(String from, String to) {}

    /** Links between these nodes. */
    static List<Link> links(Topology topology, Map<String, Box> boxes) {
        Set<Link> links = new LinkedHashSet<>();
        for (Edge edge : sorted(topology.edges())) {
            link(boxes, links, edge.from(), edge.to());
        }
        topology.mirrors().stream()
                .sorted(Comparator.comparing(MirrorEdge::id))
                .forEach(mirror -> link(boxes, links, mirror.from(), mirror.to()));
        return List.copyOf(links);
    }

    /** Links from those who produce to a topic to those who consume from it. */
    static List<Link> joinedLinks(Topology topology, Map<String, Box> boxes) {
        Map<String, Set<String>> producers = new LinkedHashMap<>();
        Map<String, Set<String>> consumers = new HashMap<>();
        for (Edge edge : sorted(topology.edges())) {
            if (edge.operation() == Edge.Operation.PRODUCE) {
                producers
                        .computeIfAbsent(edge.to(), topic -> new LinkedHashSet<>())
                        .add(edge.from());
            } else {
                consumers
                        .computeIfAbsent(edge.from(), topic -> new LinkedHashSet<>())
                        .add(edge.to());
            }
        }
        Set<Link> links = new LinkedHashSet<>();
        producers.forEach((topic, from) -> join(boxes, links, from, consumers.getOrDefault(topic, Set.of())));
        return List.copyOf(links);
    }

    /** How many links lead from right to left there, or straight down. */
    long backwards(GraphLayout layout) {
        return links.stream()
                .filter(link -> {
                    GraphLayout.Rect from = layout.nodes().get(link.from());
                    GraphLayout.Rect to = layout.nodes().get(link.to());
                    return from != null && to != null && from.x() >= to.x();
                })
                .count();
    }

    /** The part of the graph with these nodes. */
    LayoutGraph only(Set<String> ids) {
        Map<String, Box> part = new LinkedHashMap<>();
        nodes.forEach((id, box) -> {
            if (ids.contains(id)) {
                part.put(id, box);
            }
        });
        return new LayoutGraph(
                part,
                links.stream()
                        .filter(link -> ids.contains(link.from()) && ids.contains(link.to()))
                        .toList());
    }

    private static void join(Map<String, Box> boxes, Set<Link> links, Set<String> from, Set<String> to) {
        int joined = 0;
        for (String producer : from) {
            for (String consumer : to) {
                if (joined++ < JOINED_LINKS_MAX) {
                    link(boxes, links, producer, consumer);
                }
            }
        }
    }

    private static void link(Map<String, Box> boxes, Set<Link> links, String from, String to) {
        if (boxes.containsKey(from) && boxes.containsKey(to) && !from.equals(to)) {
            links.add(new Link(from, to));
        }
    }

    /** What has to be placed, in order. */
    static Map<String, Box> boxes(Topology topology, boolean topics) {
        List<Node> nodes = new ArrayList<>(topology.nodes());
        nodes.sort(Comparator.comparing(Node::id));
        Map<String, Box> boxes = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (Node node : nodes) {
            if (seen.add(node.id()) && (topics || node.kind() != Node.Kind.TOPIC)) {
                boxes.put(node.id(), new Box(node.id(), NODE_WIDTH, height(node), node.team()));
            }
        }
        return boxes;
    }

    private static long height(Node node) {
        if (node.kind() == Node.Kind.TOPIC) {
            return TOPIC_HEIGHT;
        }
        int further = Math.min(VERSIONS_SHOWN, node.versions().size()) - 1;
        return NODE_HEIGHT + Math.max(0, further) * VERSION_HEIGHT;
    }

    private static List<Edge> sorted(List<Edge> edges) {
        List<Edge> sorted = new ArrayList<>(edges);
        sorted.sort(Comparator.comparing(Edge::id));
        return sorted;
    }
}
