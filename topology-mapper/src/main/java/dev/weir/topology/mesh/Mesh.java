package dev.weir.topology.mesh;

import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditReader;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Intake;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Every answer, from what the features keep in memory. Any thread; each answer is made under the table's read lock. */
public final class Mesh implements MeshView {

    /** Who has what an answer is made of. */
    public record Sources(
            EdgeTable edges,
            ClientTable clients,
            MembershipAnswers memberships,
            AuditTable audit,
            AuditReader auditReader,
            ProxyTable proxies,
            LagAnswers lag,
            PolicyView policy) {}

    private final ViewTable table;
    private final Sources sources;
    private final ReportCounts counts;
    private final FreshnessState freshness;
    private final Clock clock;

    /**
     * @param streamRuns whether this instance takes reports now
     * @param counts what became of the reports that it took
     */
    public Mesh(ViewTable table, Sources sources, BooleanSupplier streamRuns, ReportCounts counts, Clock clock) {
        this.table = table;
        this.counts = counts;
        this.sources = sources;
        this.freshness = new FreshnessState(streamRuns);
        this.clock = clock;
    }

    @Override
    public Topology topology(Moment moment) {
        return table.read(() -> {
            long now = clock.millis();
            return graph(moment, sources.lag().groups(moment, now), now);
        });
    }

    private Topology graph(Moment moment, List<GroupLag> groups, long now) {
        EdgeViews views = new EdgeViews(groups, sources.policy());
        Graph graph = new Graph(
                sources.policy(),
                (cluster, topic) -> sources.lag().partitions(cluster, topic, moment, now).stream()
                        .anyMatch(TopicView.Partition::compacted));
        EdgeViews.inGroups(sources.edges().sums(moment, now), sources.memberships())
                .forEach(sum -> graph.add(views.view(sum)));
        Coverage coverage = sources.lag().coverage(moment, now);
        graph.add(coverage);
        return new Topology(
                moment.at().orElse(now),
                moment.windowMillis(),
                moment.at().isPresent(),
                graph.nodes(),
                List.copyOf(graph.edges()),
                graph.others(),
                coverage);
    }

    @Override
    public List<GroupLag> groups(Moment moment) {
        return table.read(() -> sources.lag().groups(moment, clock.millis()));
    }

    @Override
    public Optional<ServiceView> service(String name, Moment moment) {
        return table.read(() -> {
            long now = clock.millis();
            List<GroupLag> groups = sources.lag().groups(moment, now);
            Topology topology = graph(moment, groups, now);
            return topology.nodes().stream()
                    .filter(node -> node.kind() == Node.Kind.SERVICE || node.kind() == Node.Kind.PRINCIPAL)
                    .filter(node -> node.name().equals(name))
                    .findFirst()
                    .map(node -> service(node, topology, groups));
        });
    }

    private ServiceView service(Node node, Topology topology, List<GroupLag> groups) {
        List<Edge> edges = edgesOf(node, topology);
        Set<String> read = new HashSet<>();
        edges.forEach(edge -> read.add(edge.group()));
        return new ServiceView(
                node,
                edges,
                groups.stream()
                        .filter(group -> group.services().contains(node.name()) || read.contains(group.group()))
                        .toList(),
                sources.clients().of(node.name()));
    }

    @Override
    public List<TopicView> topics(String name, Moment moment) {
        return table.read(() -> {
            long now = clock.millis();
            List<GroupLag> groups = sources.lag().groups(moment, now);
            Topology topology = graph(moment, groups, now);
            return topology.nodes().stream()
                    .filter(node ->
                            node.kind() == Node.Kind.TOPIC && node.name().equals(name))
                    .map(node -> new TopicView(
                            node,
                            edgesOf(node, topology),
                            groups.stream()
                                    .filter(group -> group.cluster().equals(node.cluster()))
                                    .flatMap(group -> TopicGroups.of(group, name).stream())
                                    .toList(),
                            sources.lag().partitions(node.cluster(), name, moment, now)))
                    .toList();
        });
    }

    private static List<Edge> edgesOf(Node node, Topology topology) {
        return topology.edges().stream()
                .filter(edge -> edge.from().equals(node.id()) || edge.to().equals(node.id()))
                .toList();
    }

    @Override
    public SecurityView security(Moment moment) {
        return table.read(() -> {
            long now = clock.millis();
            long at = Math.min(now, moment.at().orElse(now));
            Topology lastHour = graph(new Moment(moment.at(), Moment.WINDOW_MILLIS_MAX), List.of(), now);
            return new SecurityView(
                    Findings.of(lastHour, sources.proxies().proxies(now), now),
                    sources.audit().denials(at),
                    sources.audit().adminActions(at),
                    Findings.unused(sources.policy().grants(), lastHour));
        });
    }

    @Override
    public AuditPage audit(AuditQuery query) {
        return sources.auditReader().read(query);
    }

    @Override
    public List<SloView> slos(Moment moment) {
        return table.read(() -> sources.lag().slos(sources.policy().objectives(), moment, clock.millis()));
    }

    @Override
    public List<ProxyView> proxies() {
        return table.read(() -> sources.proxies().proxies(clock.millis()));
    }

    @Override
    public Freshness freshness() {
        long newest = table.read(
                () -> Math.max(sources.edges().newestMillis(), sources.proxies().newestMillis()));
        return freshness.now(table.status(), newest, clock.millis());
    }

    @Override
    public Intake intake() {
        ReportCounts.Snapshot now = counts.snapshot();
        return new Intake(now.taken(), now.duplicate(), now.late(), now.refused(), now.malformed());
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return table.onChange(listener);
    }
}
