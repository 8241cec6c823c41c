package dev.weir.topology.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.TestReports;
import dev.weir.topology.edge.Census;
import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.member.MembershipTable;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditReader;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Policy names topics and no cluster: it is about those that clients reach through the mesh, and not about what mirrors lead to elsewhere. */
class ForeignTopicsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final MirrorTable mirrors = new MirrorTable();
    private final ProxyTable proxies = new ProxyTable(mirrors);
    private final Mesh.Sources sources = new Mesh.Sources(
            new EdgeTable(new Census(10, 10, 10)),
            new ClientTable(),
            new MembershipTable(),
            new AuditTable(),
            new AuditReader(new StreamSettings(Map.of(), "_weir-test", "test", Path.of("unused"))),
            proxies,
            mirrors,
            LagAnswers.NONE,
            new Everything());

    /** Has something to say of every topic. */
    private static final class Everything implements PolicyView {
        @Override
        public String owner(Node.Kind kind, String name) {
            return "team-" + name;
        }

        @Override
        public List<String> interventions(Node.Kind kind, String name) {
            return List.of("quota: q");
        }

        @Override
        public Edge.Allowed allowed(String service, Edge.Operation operation, String topic) {
            return Edge.Allowed.YES;
        }

        @Override
        public List<Objective> objectives() {
            return List.of();
        }

        @Override
        public List<Grant> grants() {
            return List.of();
        }

        @Override
        public List<AdminPower> adminPowers() {
            return List.of();
        }

        @Override
        public Optional<SchemaGuard> schemaGuard(String topic) {
            return Optional.empty();
        }
    }

    private void report(String... listenersTo) {
        ProxyReport.Builder report = TestReports.proxy(TestReports.header("proxy", NOW - 60_000, 1, NOW)).toBuilder()
                .clearListeners()
                .addMirrors(TestReports.mirror("orders", 1).toBuilder().setTargetTopic("orders"));
        for (String cluster : listenersTo) {
            report.addListeners(
                    ProxyReport.Listener.newBuilder().setName("to-" + cluster).setCluster(cluster));
        }
        proxies.accept(
                RecordKind.PROXY,
                Hash64.key(RecordKind.PROXY, new Hash64().add("proxy").value()),
                report.build().toByteArray());
    }

    private Node node(String id) {
        Mesh.Reading reading = new Mesh.Reading() {
            @Override
            public <T> T read(Supplier<T> answer) {
                return answer.get();
            }
        };
        Topology topology = new MeshMoment(sources, reading, Moment.NOW, NOW, null).topology();
        return topology.nodes().stream()
                .filter(node -> node.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTopicElsewhereHasNothingOfTheOneWithItsName() {
        report("main");
        assertThat(node("topic:main/orders").team()).isEqualTo("team-orders");
        assertThat(node("topic:main/orders").badges()).containsExactly("quota: q");
        assertThat(node("topic:staging/orders").team()).isEmpty();
        assertThat(node("topic:staging/orders").badges()).isEmpty();
        assertThat(MeshMoment.isMeshs(sources)).rejects("staging").accepts("main");
    }

    @Test
    void aClusterThatClientsReachIsTheMeshs() {
        report("main", "staging");
        assertThat(node("topic:staging/orders").badges()).containsExactly("quota: q");
        assertThat(MeshMoment.isMeshs(sources)).accepts("staging", "main");
    }

    @Test
    void beforeAnyProxyHasToldAnyMayBe() {
        assertThat(MeshMoment.isMeshs(sources)).accepts("staging");
    }
}
