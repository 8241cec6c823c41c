package dev.weir.topology.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SchemaAnswersTest {
    private static Optional<PolicyView.SchemaGuard> guard(Node node) {
        String topic = node.name();
        return topic.equals("free")
                ? Optional.empty()
                : Optional.of(new PolicyView.SchemaGuard(topic + "-schema", "s.yaml:3", "quarantine", topic + ".bad"));
    }

    private static Node node(Node.Kind kind, String id, String name) {
        return new Node(id, kind, name, kind == Node.Kind.TOPIC ? "main" : "", "", List.of(), Health.OK, List.of());
    }

    private static Edge edge(String from, String to, long records, Edge.Checked checked) {
        return new Edge(
                from + to,
                from,
                to,
                from.startsWith("topic:") ? Edge.Operation.CONSUME : Edge.Operation.PRODUCE,
                "v1",
                "",
                0,
                0,
                0,
                0,
                0,
                records,
                0,
                0,
                0,
                records,
                Map.of(),
                Edge.Latency.UNKNOWN,
                -1,
                -1,
                0,
                0,
                true,
                "",
                Edge.Status.FLOWING,
                Edge.Allowed.YES,
                checked);
    }

    @Test
    void saysWhichTopicsAreGuardedAndWhatShareIsValidTheWorstFirst() {
        Topology topology = new Topology(
                1_000,
                60_000,
                false,
                List.of(
                        node(Node.Kind.SERVICE, "service:a", "a"),
                        node(Node.Kind.PRINCIPAL, "principal:User:b", "User:b"),
                        node(Node.Kind.TOPIC, "topic:main/good", "good"),
                        node(Node.Kind.TOPIC, "topic:main/bad", "bad"),
                        node(Node.Kind.TOPIC, "topic:main/free", "free"),
                        node(Node.Kind.TOPIC, "topic:main/late", "late"),
                        node(Node.Kind.TOPIC, "topic:main/unused", "unused")),
                List.of(
                        edge("service:a", "topic:main/good", 10, Edge.Checked.of(10, 0, Map.of())),
                        edge("service:a", "topic:main/bad", 3, Edge.Checked.of(3, 1, Map.of("limit", 1L))),
                        edge(
                                "principal:User:b",
                                "topic:main/bad",
                                0,
                                Edge.Checked.of(2, 2, Map.of("limit", 1L, "payload", 1L))),
                        edge("service:a", "topic:main/late", 0, Edge.Checked.of(0, 0, Map.of("registry-down", 2L))),
                        edge("service:a", "topic:main/free", 7, Edge.Checked.NONE),
                        edge("topic:main/free", "service:a", 7, Edge.Checked.NONE)),
                0,
                new Coverage(100, List.of(), List.of(), 0),
                List.of());

        SchemaCoverage coverage = SchemaAnswers.of(topology, SchemaAnswersTest::guard);

        assertThat(coverage.topicsWritten()).isEqualTo(4);
        assertThat(coverage.topicsGuarded()).isEqualTo(3);
        assertThat(coverage.records()).isEqualTo(20);
        assertThat(coverage.checked())
                .isEqualTo(new Edge.Checked(15, 3, 0.8, Map.of("limit", 2L, "payload", 1L, "registry-down", 2L)));
        assertThat(coverage.topics())
                .extracting(SchemaCoverage.Topic::topic)
                .containsExactly("bad", "late", "free", "good", "unused");
        SchemaCoverage.Topic worst = coverage.topics().get(0);
        assertThat(worst.rule()).isEqualTo("bad-schema");
        assertThat(worst.deadLetterTopic()).isEqualTo("bad.bad");
        assertThat(worst.checked().validShare()).isEqualTo(0.4);
        assertThat(worst.flows())
                .containsExactly(
                        new SchemaCoverage.Flow(
                                "User:b", "v1", 0, Edge.Checked.of(2, 2, Map.of("limit", 1L, "payload", 1L))),
                        new SchemaCoverage.Flow("a", "v1", 3, Edge.Checked.of(3, 1, Map.of("limit", 1L))));
        assertThat(coverage.topics().get(2).hasRule()).isFalse();
        assertThat(coverage.topics().get(2).checked().validShare()).isEqualTo(-1);
    }
}
