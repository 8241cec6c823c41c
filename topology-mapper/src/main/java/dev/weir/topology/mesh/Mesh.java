package dev.weir.topology.mesh;

import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditReader;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.AuditPage;
import dev.weir.topology.view.AuditQuery;
import dev.weir.topology.view.Edge;
import dev.weir.topology.view.Freshness;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Intake;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.Node;
import dev.weir.topology.view.PolicyView;
import dev.weir.topology.view.ProxyView;
import dev.weir.topology.view.SchemaCoverage;
import dev.weir.topology.view.SecurityView;
import dev.weir.topology.view.ServiceView;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import dev.weir.topology.view.Topology;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Every answer, from what the features keep in memory. Any thread; answers are made under the table's read lock, once for all
 * who ask between two changes.
 */
public final class Mesh implements MeshView {

    /** Who has what an answer is made of. */
    public record Sources(
            EdgeTable edges,
            ClientTable clients,
            MembershipAnswers memberships,
            AuditTable audit,
            AuditReader auditReader,
            ProxyTable proxies,
            MirrorTable mirrors,
            LagAnswers lag,
            PolicyView policy) {}

    /** How answers are made while what they are made of stands still. */
    interface Reading {
        <T> T read(Supplier<T> answer);
    }

    private final ViewTable table;
    private final Sources sources;
    private final Moments moments;
    private final ReportCounts counts;
    private final FreshnessState freshness;
    private final Clock clock;

    /**
     * @param streamRuns whether this instance takes reports now
     * @param counts what became of the reports that it took
     */
    public Mesh(ViewTable table, Sources sources, BooleanSupplier streamRuns, ReportCounts counts, Clock clock) {
        this.table = table;
        this.sources = sources;
        this.moments = new Moments(sources, table::read, table::generation, clock);
        this.counts = counts;
        this.freshness = new FreshnessState(streamRuns);
        this.clock = clock;
    }

    @Override
    public Topology topology(Moment moment) {
        return moments.at(moment).topology();
    }

    @Override
    public List<GroupLag> groups(Moment moment) {
        return moments.at(moment).groups();
    }

    @Override
    public Optional<ServiceView> service(String name, Moment moment) {
        MeshMoment mesh = moments.at(moment);
        return mesh.topology().nodes().stream()
                .filter(node -> node.kind() == Node.Kind.SERVICE || node.kind() == Node.Kind.PRINCIPAL)
                .filter(node -> node.name().equals(name))
                .findFirst()
                .map(node -> service(node, mesh.topology(), mesh.groups()));
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
                table.read(() -> sources.clients().of(node.name())));
    }

    @Override
    public List<TopicView> topics(String name, Moment moment) {
        MeshMoment mesh = moments.at(moment);
        return mesh.topology().nodes().stream()
                .filter(node -> node.kind() == Node.Kind.TOPIC && node.name().equals(name))
                .map(node -> topic(node, moment, mesh))
                .toList();
    }

    private TopicView topic(Node node, Moment moment, MeshMoment mesh) {
        return new TopicView(
                node,
                edgesOf(node, mesh.topology()),
                mesh.groups().stream()
                        .filter(group -> group.cluster().equals(node.cluster()))
                        .flatMap(group -> TopicGroups.of(group, node.name()).stream())
                        .toList(),
                table.read(() -> sources.lag().partitions(node.cluster(), node.name(), moment, mesh.nowMillis())));
    }

    private static List<Edge> edgesOf(Node node, Topology topology) {
        return topology.edges().stream()
                .filter(edge -> edge.from().equals(node.id()) || edge.to().equals(node.id()))
                .toList();
    }

    @Override
    public SecurityView security(Moment moment) {
        MeshMoment lastHour = moments.at(new Moment(moment.at(), Moment.WINDOW_MILLIS_MAX));
        Topology topology = lastHour.topology();
        long now = lastHour.nowMillis();
        long at = Math.min(now, moment.at().orElse(now));
        return table.read(() -> {
            List<SecurityView.FailedLogIn> failed = sources.audit().failedLogIns(at);
            List<SecurityView.RefusedRead> unread = sources.audit().refusedReads(at);
            List<SecurityView.Finding> findings =
                    new ArrayList<>(Findings.of(topology, sources.proxies().proxies(now), now));
            findings.addAll(ReadFindings.of(unread, now));
            return new SecurityView(
                    LogInFindings.with(
                            findings, topology, failed, sources.audit().certificates(at), now),
                    sources.audit().denials(at),
                    failed,
                    sources.audit().endedSessions(at),
                    unread,
                    sources.audit().adminActions(at),
                    AdminPowers.of(
                            sources.policy().adminPowers(), sources.audit().adminUses(at)),
                    Findings.unused(sources.policy().grants(), topology));
        });
    }

    @Override
    public AuditPage audit(AuditQuery query) {
        return sources.auditReader().read(query);
    }

    @Override
    public SchemaCoverage schemas(Moment moment) {
        Predicate<String> isMeshs = table.read(() -> MeshMoment.isMeshs(sources));
        return SchemaAnswers.of(
                moments.at(moment).topology(),
                topic -> isMeshs.test(topic.cluster()) ? sources.policy().schemaGuard(topic.name()) : Optional.empty());
    }

    @Override
    public List<SloView> slos(Moment moment) {
        return moments.at(moment).slos();
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
