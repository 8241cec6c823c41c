package dev.weir.topology;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.coverage.CoverageView;
import dev.weir.topology.coverage.Reconciler;
import dev.weir.topology.coverage.UnacknowledgedPart;
import dev.weir.topology.edge.Census;
import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgePart;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.member.MembershipPart;
import dev.weir.topology.member.MembershipTable;
import dev.weir.topology.mesh.Mesh;
import dev.weir.topology.mirror.MirrorTable;
import dev.weir.topology.progress.LagPart;
import dev.weir.topology.progress.LagView;
import dev.weir.topology.proxies.ProxyPart;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditPart;
import dev.weir.topology.security.AuditReader;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import dev.weir.topology.stream.StreamRunner;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.MeshView;
import dev.weir.topology.view.ProxyView;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * One instance of the topology: its share of the stream, and all of the view. Neither {@link #start} nor any question
 * waits for Kafka; {@link MeshView#freshness} says how far answers can be trusted.
 */
public final class TopologyApp implements AutoCloseable {
    private final StreamRunner stream;
    private final ViewTable table;
    private final Mesh mesh;
    private final Reconciler reconciler;
    private final AuditReader auditReader;
    private final ReportCounts counts;

    private TopologyApp(
            StreamRunner stream,
            ViewTable table,
            Mesh mesh,
            Reconciler reconciler,
            AuditReader auditReader,
            ReportCounts counts) {
        this.stream = stream;
        this.table = table;
        this.mesh = mesh;
        this.reconciler = reconciler;
        this.auditReader = auditReader;
        this.counts = counts;
    }

    public static TopologyApp start(TopologySettings settings) {
        StreamSettings streamSettings = new StreamSettings(
                settings.client(), settings.applicationId(), settings.instance(), settings.stateDir());
        ReportCounts counts = new ReportCounts();
        Census census = new Census(
                settings.limits().edges(),
                settings.limits().services(),
                settings.limits().topics());
        EdgeTable edges = new EdgeTable(census);
        ClientTable clients = new ClientTable();
        MembershipTable memberships = new MembershipTable();
        AuditTable audit = new AuditTable();
        AuditReader auditReader = new AuditReader(streamSettings);
        MirrorTable mirrors = new MirrorTable();
        ProxyTable proxies = new ProxyTable(mirrors);
        CoverageView coverage = new CoverageView();
        LagView lag = new LagView(settings.lag(), memberships, coverage);
        List<StreamPart> streamParts = List.of(
                EdgePart.of(census, counts),
                MembershipPart.of(counts),
                AuditPart.of(counts),
                ProxyPart.of(counts),
                new LagPart(settings.lag(), counts),
                new UnacknowledgedPart());
        List<ViewPart> viewParts = List.of(edges, clients, memberships, audit, proxies, lag);

        StreamRunner stream = new StreamRunner(streamSettings, streamParts);
        ViewTable table = new ViewTable(streamSettings, viewParts, settings.clock());
        Mesh mesh = new Mesh(
                table,
                new Mesh.Sources(
                        edges, clients, memberships, audit, auditReader, proxies, mirrors, lag, settings.policy()),
                stream::running,
                counts,
                settings.clock());
        // one instance asks the brokers: whoever has the first partition
        Reconciler reconciler = new Reconciler(
                settings.coverage(),
                settings.client(),
                settings.instance(),
                () -> table.status().state() == ViewTable.State.READ && stream.owns(ReportTopic.PROGRESS, 0),
                new InMemory(table, lag, coverage, mirrors, mesh, settings.clock()));
        stream.start();
        table.start();
        reconciler.start();
        return new TopologyApp(stream, table, mesh, reconciler, auditReader, counts);
    }

    /** What the reconciler compares with, as it is at the moment that it asks. */
    private record InMemory(
            ViewTable table, LagView lag, CoverageView coverage, MirrorTable mirrors, MeshView mesh, Clock clock)
            implements Reconciler.Known {

        @Override
        public List<PartitionState> partitions() {
            return table.read(lag::partitions);
        }

        @Override
        public List<ProxyView> proxies() {
            return mesh.proxies();
        }

        @Override
        public CoverageState coverage(String cluster) {
            return table.read(() -> coverage.state(cluster));
        }

        @Override
        public long unacknowledged(String cluster, String topic) {
            return table.read(() -> coverage.unacknowledged(cluster, topic));
        }

        @Override
        public boolean mirrored(String cluster, String topic) {
            return table.read(() -> mirrors.leadTo(cluster, topic, clock.millis()));
        }
    }

    public MeshView view() {
        return mesh;
    }

    /** What became of the reports that this instance read. */
    public ReportCounts.Snapshot counts() {
        return counts.snapshot();
    }

    /** Why clusters do not tell this instance what it asks their brokers, by their names; those that do are not in it. Any thread. */
    public Map<String, String> untoldClusters() {
        return reconciler.untold();
    }

    /** Leaves the group, so that other instances take over at once. Takes seconds at most; state stays in Kafka. */
    @Override
    public void close() {
        reconciler.close();
        auditReader.close();
        table.close();
        stream.close();
    }
}
