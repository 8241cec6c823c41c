package dev.weir.topology.mesh;

import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SchemaCoverage.Flow;
import dev.weir.topology.view.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which topics and flows are guarded by a schema, from the graph and policy. */
final class SchemaAnswers {
    private static final PolicyView.SchemaGuard NONE = new PolicyView.SchemaGuard("", "", "", "");

    private SchemaAnswers() {}

    /** @param guards what guards a topic, by policy */
    static SchemaCoverage of(Topology topology, Function<Node, Optional<PolicyView.SchemaGuard>> guards) {
        Map<String, Node> nodes = topology.nodes().stream()
                .collect(Collectors.toMap(Node::id, Function.identity(), (first, second) -> first));
        Map<String, List<Edge>> written = topology.edges().stream()
                .filter(edge -> edge.operation() == Edge.Operation.PRODUCE)
                .filter(edge -> nodes.containsKey(edge.from()))
                .collect(Collectors.groupingBy(Edge::to));
        List<SchemaCoverage.Topic> topics = new ArrayList<>();
        for (Node node : topology.nodes()) {
            List<Edge> edges = written.getOrDefault(node.id(), List.of());
            if (node.kind() == Node.Kind.TOPIC) {
                PolicyView.SchemaGuard guard = guards.apply(node).orElse(NONE);
                if (!edges.isEmpty() || !guard.rule().isEmpty()) {
                    topics.add(topic(node, guard, edges, nodes));
                }
            }
        }
        topics.sort(Comparator.comparing(
                        (SchemaCoverage.Topic topic) -> !topic.checked().troubled())
                .thenComparing(SchemaCoverage.Topic::hasRule)
                .thenComparing(
                        Comparator.comparingLong(SchemaCoverage.Topic::records).reversed())
                .thenComparing(SchemaCoverage.Topic::topic));
        return new SchemaCoverage(
                topology.at(),
                topology.windowMillis(),
                (int) topics.stream().filter(topic -> !topic.flows().isEmpty()).count(),
                (int) topics.stream()
                        .filter(topic -> !topic.flows().isEmpty() && topic.hasRule())
                        .count(),
                topics.stream().mapToLong(SchemaCoverage.Topic::records).sum(),
                topics.stream().map(SchemaCoverage.Topic::checked).reduce(Edge.Checked.NONE, Edge.Checked::and),
                topics);
    }

    private static SchemaCoverage.Topic topic(
            Node node, PolicyView.SchemaGuard guard, List<Edge> edges, Map<String, Node> nodes) {
        List<Flow> flows = edges.stream()
                .map(edge -> new Flow(name(edge.from(), nodes), edge.version(), edge.records(), edge.checked()))
                .sorted(Comparator.comparingLong((Flow flow) -> -flow.checked().invalid())
                        .thenComparing(Flow::client)
                        .thenComparing(Flow::version))
                .toList();
        return new SchemaCoverage.Topic(
                node.cluster(),
                node.name(),
                node.team(),
                guard.rule(),
                guard.ruleAt(),
                guard.onViolation(),
                guard.deadLetterTopic(),
                flows.stream().mapToLong(Flow::records).sum(),
                flows.stream().map(Flow::checked).reduce(Edge.Checked.NONE, Edge.Checked::and),
                flows);
    }

    private static String name(String id, Map<String, Node> nodes) {
        Node node = nodes.get(id);
        return node == null ? id : node.name();
    }
}
