package dev.weir.cli.topology;

import dev.weir.mesh.log.Counted;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Edge.Operation;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.MirrorEdge;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.Topology;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The graph for a terminal: one paragraph for each topic, its producers first, its consumers after them. */
final class TopologyText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final int NAME = 35;
    private static final int RATE = 9;
    private static final int BYTES = 11;
    private static final int NOTE = 20;

    private final Ink ink;
    private final ZoneId zone;
    private final List<String> lines = new ArrayList<>();

    TopologyText(Ink ink, ZoneId zone) {
        this.ink = ink;
        this.zone = zone;
    }

    List<String> lines(Topology topology, Freshness freshness) {
        Map<String, Node> nodes = topology.nodes().stream()
                .collect(Collectors.toMap(Node::id, Function.identity(), (first, second) -> first));
        head(topology, freshness);
        Set<String> shown = new HashSet<>();
        topology.nodes().stream()
                .filter(node -> node.kind() == Node.Kind.TOPIC)
                .sorted(Comparator.comparing(Node::cluster).thenComparing(Node::name))
                .forEach(topic -> topic(topic, topology, nodes, shown));
        List<Edge> rest = topology.edges().stream()
                .filter(edge -> !shown.contains(edge.id()))
                .toList();
        if (!rest.isEmpty()) {
            lines.add("");
            lines.add(ink.bold("elsewhere"));
            rest.forEach(edge -> edge(edge, nodes));
        }
        bypass(topology.coverage());
        return lines;
    }

    private void head(Topology topology, Freshness freshness) {
        long services = count(topology, Node.Kind.SERVICE) + count(topology, Node.Kind.PRINCIPAL);
        String seen = topology.coverage().percentRecords() < 0
                ? ""
                : "; " + Words.percent(topology.coverage().percentRecords() / 100) + " of records seen";
        lines.add(LocalTime.ofInstant(Instant.ofEpochMilli(topology.at()), zone).format(TIME) + "  "
                + Counted.of(services, "service") + ", " + Counted.of(count(topology, Node.Kind.TOPIC), "topic")
                + ", rates over " + Words.time(topology.windowMillis()) + seen);
        warning(freshness, topology.at()).ifPresent(text -> lines.add(ink.bad(text)));
        if (topology.otherEdges() > 0) {
            lines.add(ink.warn(
                    Counted.of(topology.otherEdges(), "more edge") + " beyond the limit, counted as \"other\""));
        }
    }

    /** What is to be known of the answers before they are believed. */
    static Optional<String> warning(Freshness freshness, long now) {
        String since =
                freshness.sinceMillis() < 0 ? "" : " for " + Words.time(Math.max(0, now - freshness.sinceMillis()));
        String what = switch (freshness.state()) {
            case LIVE -> "";
            case STARTING -> "The topology is starting; this is not all yet.";
            case SILENT -> "No proxy has reported" + since + ".";
            case KAFKA_DOWN -> "Kafka has not answered" + since + ": what follows is old.";
        };
        String detail = freshness.detail().isEmpty() ? "" : " " + Columns.clean(freshness.detail());
        return what.isEmpty() ? Optional.empty() : Optional.of(what + detail);
    }

    private void topic(Node topic, Topology topology, Map<String, Node> nodes, Set<String> shown) {
        lines.add("");
        String notes = topic.badges().isEmpty() ? "" : "  " + String.join(", ", topic.badges());
        String team = topic.team().isEmpty() ? "" : ", " + topic.team();
        String about = "  (" + topic.cluster() + team + ")" + notes;
        String name = Columns.fit(topic.name(), Columns.WIDTH - 2 - Math.min(about.length(), Columns.WIDTH / 2));
        lines.add(ink.bold(name) + Columns.fit(about, Columns.WIDTH - name.length()));
        List<Edge> own = topology.edges().stream()
                .filter(edge -> edge.from().equals(topic.id()) || edge.to().equals(topic.id()))
                .sorted(Comparator.comparing(Edge::operation)
                        .thenComparing(edge -> name(edge, nodes))
                        .thenComparing(Edge::id))
                .toList();
        List<MirrorEdge> mirrors = topology.mirrors().stream()
                .filter(mirror ->
                        mirror.from().equals(topic.id()) || mirror.to().equals(topic.id()))
                .toList();
        if (own.isEmpty() && mirrors.isEmpty()) {
            lines.add(ink.faint("  nobody"));
        }
        own.forEach(edge -> {
            shown.add(edge.id());
            edge(edge, nodes);
        });
        mirrors.forEach(mirror -> mirror(mirror, topic, nodes));
    }

    /** Double arrows, as what is at their other end is a topic. */
    private void mirror(MirrorEdge mirror, Node topic, Map<String, Node> nodes) {
        boolean leaves = mirror.from().equals(topic.id());
        String id = leaves ? mirror.to() : mirror.from();
        Node other = nodes.get(id);
        String where = other == null
                ? id
                : other.cluster().equals(topic.cluster()) ? other.name() : other.name() + " in " + other.cluster();
        boolean loses = mirror.status() == MirrorEdge.Status.LOSING;
        String note = Columns.fit(
                loses ? "loses " + Words.rate(mirror.droppedPerSecond() + mirror.failedPerSecond()) : mirror.mirror(),
                NOTE);
        line(
                leaves ? "  => " : "  <= ",
                where,
                mirror.recordsPerSecond(),
                mirror.bytesPerSecond(),
                loses ? ink.warn(note) : note);
    }

    private void line(String arrow, String name, double recordsPerSecond, double bytesPerSecond, String note) {
        lines.add((arrow
                        + Columns.left(name, NAME)
                        + Columns.right(Words.rate(recordsPerSecond), RATE)
                        + Columns.right(Words.bytes(bytesPerSecond), BYTES)
                        + "  "
                        + note)
                .stripTrailing());
    }

    private void edge(Edge edge, Map<String, Node> nodes) {
        String arrow = edge.operation() == Operation.PRODUCE ? "  <- " : "  -> ";
        line(
                arrow,
                name(edge, nodes),
                edge.recordsPerSecond(),
                edge.bytesPerSecond(),
                paint(edge).apply(Columns.fit(note(edge), NOTE)));
    }

    private static String name(Edge edge, Map<String, Node> nodes) {
        String id = edge.operation() == Operation.PRODUCE ? edge.from() : edge.to();
        Node node = nodes.get(id);
        String version = edge.version().isEmpty() ? "" : " " + edge.version();
        String group = edge.group().isEmpty() ? "" : " (" + edge.group() + ")";
        return (node == null ? id : node.name()) + version + group;
    }

    private static String note(Edge edge) {
        return switch (edge.status()) {
            case DENIED -> "DENIED " + Words.rate(edge.deniedPerSecond());
            case DRY_RUN_DENIED -> "would be denied";
            case FAILING ->
                edge.errors().isEmpty() && edge.checked().troubled()
                        ? "held back by schema"
                        : "errors " + Words.rate(edge.errorsPerSecond());
            case IDLE, FLOWING -> edge.operation() == Operation.PRODUCE ? produced(edge) : lag(edge);
        };
    }

    private static String produced(Edge edge) {
        return edge.checked().invalid() == 0
                ? latency(edge)
                : Words.percent(edge.checked().validShare()) + " valid";
    }

    private static String latency(Edge edge) {
        double p99 = edge.latency().p99();
        return p99 < 0 ? "" : "p99 " + (p99 < 1 ? "below 1 ms" : Words.time(Math.round(p99)));
    }

    private static String lag(Edge edge) {
        if (edge.lagMillis() > 0) {
            return "late by " + Words.time(edge.lagMillis());
        }
        return edge.lagMillis() == 0 ? "in time" : "";
    }

    private UnaryOperator<String> paint(Edge edge) {
        return switch (edge.status()) {
            case DENIED, FAILING -> ink::bad;
            case DRY_RUN_DENIED -> ink::warn;
            case IDLE -> ink::faint;
            case FLOWING -> edge.checked().invalid() > 0 ? ink::warn : UnaryOperator.identity();
        };
    }

    private void bypass(Coverage coverage) {
        if (!coverage.unsearchedClusters().isEmpty()) {
            lines.add("");
            lines.add("not searched for records that came around Weir");
            coverage.unsearchedClusters()
                    .forEach(cluster -> lines.add("  " + Columns.left("cluster " + cluster, NAME)
                            + "  more targets of mirrors than can be told"));
        }
        if (coverage.bypassedTopics().isEmpty() && coverage.bypassingGroups().isEmpty()) {
            return;
        }
        lines.add("");
        lines.add(ink.warn("around Weir"));
        coverage.bypassedTopics()
                .forEach(topic -> lines.add("  " + Columns.left("topic " + topic.name(), NAME) + "  "
                        + Words.count(topic.records()) + " records that no proxy saw"));
        coverage.bypassingGroups()
                .forEach(group ->
                        lines.add("  " + Columns.left("group " + group.name(), NAME) + "  commits that no proxy saw"));
    }

    private static long count(Topology topology, Node.Kind kind) {
        return topology.nodes().stream().filter(node -> node.kind() == kind).count();
    }
}
