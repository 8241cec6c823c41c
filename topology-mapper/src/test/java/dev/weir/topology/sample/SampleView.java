package dev.weir.topology.sample;

import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Intake;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A mesh that is there without any Kafka, for tests of what shows it; it changes when a test says so. */
public final class SampleView implements MeshView {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Set<Moment> asked = ConcurrentHashMap.newKeySet();
    private volatile SampleMesh mesh;
    private volatile Freshness freshness =
            new Freshness(Freshness.State.LIVE, SampleMesh.now() - 60_000, SampleMesh.now(), "");

    public SampleView(SampleMesh mesh) {
        this.mesh = mesh;
    }

    /** Shows another mesh from now on, and says so. */
    public void show(SampleMesh next) {
        mesh = next;
        listeners.forEach(Runnable::run);
    }

    public void freshness(Freshness next) {
        freshness = next;
        listeners.forEach(Runnable::run);
    }

    /** The moments that somebody asked for. */
    public Set<Moment> asked() {
        return asked;
    }

    @Override
    public Topology topology(Moment moment) {
        asked.add(moment);
        return mesh.topology(moment);
    }

    @Override
    public List<GroupLag> groups(Moment moment) {
        return mesh.groups();
    }

    @Override
    public Optional<ServiceView> service(String name, Moment moment) {
        Topology topology = mesh.topology(moment);
        return topology.nodes().stream()
                .filter(node -> node.id().equals("service:" + name))
                .findFirst()
                .map(node -> new ServiceView(
                        node,
                        topology.edges().stream()
                                .filter(edge -> edge.from().equals(node.id())
                                        || edge.to().equals(node.id()))
                                .toList(),
                        mesh.groups().stream()
                                .filter(group -> group.services().contains(name))
                                .toList(),
                        List.of(new ServiceView.Client(
                                name + "-1",
                                "1.4.0",
                                "User:" + name,
                                "SCRAM-SHA-512",
                                true,
                                "apache-kafka-java 4.3.1",
                                "10.1.2.3",
                                "internal",
                                SampleMesh.now()))));
    }

    @Override
    public List<TopicView> topics(String name, Moment moment) {
        Topology topology = mesh.topology(moment);
        return topology.nodes().stream()
                .filter(node -> node.id().equals("topic:main/" + name))
                .map(node -> new TopicView(
                        node,
                        topology.edges().stream()
                                .filter(edge -> edge.from().equals(node.id())
                                        || edge.to().equals(node.id()))
                                .toList(),
                        mesh.groups().stream()
                                .filter(group -> group.partitions().stream()
                                        .anyMatch(each -> each.topic().equals(name)))
                                .toList(),
                        List.of(
                                new TopicView.Partition(0, 0, 1200, 1201, SampleMesh.now(), false),
                                new TopicView.Partition(1, 10, 900, 900, SampleMesh.now() - 1000, false))))
                .toList();
    }

    @Override
    public SecurityView security(Moment moment) {
        return mesh.security();
    }

    @Override
    public AuditPage audit(AuditQuery query) {
        if (query.after().equals("wrong")) {
            throw new IllegalArgumentException("not the end of a page");
        }
        return new AuditPage(SampleAudit.entries().stream().filter(query::wants).toList(), "0.3", false);
    }

    @Override
    public SchemaCoverage schemas(Moment moment) {
        return mesh.schemas();
    }

    @Override
    public List<SloView> slos(Moment moment) {
        return mesh.slos();
    }

    @Override
    public List<ProxyView> proxies() {
        return mesh.proxies();
    }

    @Override
    public Freshness freshness() {
        return freshness;
    }

    @Override
    public Intake intake() {
        return new Intake(12_000, 40, 3, 2, 1);
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
