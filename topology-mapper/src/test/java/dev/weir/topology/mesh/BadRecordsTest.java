package dev.weir.topology.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Direction;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Flow.InvalidReason;
import dev.weir.mesh.report.v1.Header;
import dev.weir.topology.edge.EdgeKey;
import dev.weir.topology.edge.EdgeSum;
import dev.weir.topology.history.Counts;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Health;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A topic whose producer writes what its schema refuses, in the graph. */
class BadRecordsTest {
    private static final PolicyView POLICY = PolicyView.NONE;

    private final Graph graph = new Graph(POLICY, cluster -> true, (cluster, topic) -> false);

    /** @param flow what its producer did in the window */
    private Edge add(Flow.Builder flow) {
        Flow written = flow.setHeader(Header.newBuilder().setCluster("main"))
                .setTopic("orders")
                .setDirection(Direction.PRODUCE)
                .setClient(Client.newBuilder()
                        .setService("shop")
                        .setMechanism("PLAIN")
                        .setTls(true))
                .build();
        Counts counts = new Counts();
        counts.add(written, 0, 1, 1);
        EdgeSum sum = new EdgeSum(EdgeKey.of(written), counts, 10, 0, 0, 0, false, "PLAIN", List.of(), 0);
        EdgeViews.View view = new EdgeViews(List.of(), POLICY).view(sum);
        graph.add(view);
        return view.edge();
    }

    private List<Health> health() {
        return graph.nodes().stream().map(Node::health).toList();
    }

    @Test
    void aTopicOfWhichSomeRecordsAreBadWarns() {
        Edge edge = add(Flow.newBuilder()
                .setRecords(9)
                .setRecordsChecked(10)
                .setRecordsInvalid(1)
                .putInvalidReasons(InvalidReason.PAYLOAD_VALUE, 1));
        assertThat(edge.status()).isEqualTo(Edge.Status.FLOWING);
        assertThat(edge.checked()).isEqualTo(new Edge.Checked(10, 1, 0.9, Map.of("payload", 1L)));
        assertThat(health()).containsExactly(Health.WARN, Health.WARN);
    }

    @Test
    void aTopicOfWhichAllRecordsAreRefusedIsBad() {
        Edge edge = add(Flow.newBuilder()
                .setRecordsChecked(2)
                .setRecordsInvalid(2)
                .putInvalidReasons(InvalidReason.PAYLOAD_VALUE, 2));
        assertThat(edge.status()).isEqualTo(Edge.Status.FAILING);
        assertThat(health()).containsExactly(Health.BAD, Health.BAD);
    }

    @Test
    void aTopicWhoseProducerWaitsForARegistryIsBadThoughNoRecordIsJudged() {
        Edge edge = add(Flow.newBuilder().putInvalidReasons(InvalidReason.REGISTRY_DOWN_VALUE, 3));
        assertThat(edge.status()).isEqualTo(Edge.Status.FAILING);
        assertThat(edge.checked()).isEqualTo(new Edge.Checked(0, 0, -1, Map.of("registry-down", 3L)));
        assertThat(health()).containsExactly(Health.BAD, Health.BAD);
    }
}
