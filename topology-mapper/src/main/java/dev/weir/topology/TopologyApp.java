package dev.weir.topology;

import dev.weir.topology.edge.Census;
import dev.weir.topology.edge.ClientTable;
import dev.weir.topology.edge.EdgePart;
import dev.weir.topology.edge.EdgeTable;
import dev.weir.topology.member.MembershipPart;
import dev.weir.topology.member.MembershipTable;
import dev.weir.topology.mesh.LagAnswers;
import dev.weir.topology.mesh.Mesh;
import dev.weir.topology.proxies.ProxyPart;
import dev.weir.topology.proxies.ProxyTable;
import dev.weir.topology.security.AuditPart;
import dev.weir.topology.security.AuditTable;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import dev.weir.topology.stream.StreamRunner;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.MeshView;
import java.util.List;

/**
 * One instance of the topology: its share of the stream, and all of the view. Neither {@link #start} nor any question
 * waits for Kafka; {@link MeshView#freshness} says how far answers can be trusted.
 */
public final class TopologyApp implements AutoCloseable {
    private final StreamRunner stream;
    private final ViewTable table;
    private final Mesh mesh;
    private final ReportCounts counts;

    private TopologyApp(StreamRunner stream, ViewTable table, Mesh mesh, ReportCounts counts) {
        this.stream = stream;
        this.table = table;
        this.mesh = mesh;
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
        ProxyTable proxies = new ProxyTable();
        List<StreamPart> streamParts = List.of(
                new EdgePart(census, counts), new MembershipPart(counts), new AuditPart(counts), new ProxyPart(counts));
        List<ViewPart> viewParts = List.of(edges, clients, memberships, audit, proxies);

        StreamRunner stream = new StreamRunner(streamSettings, streamParts);
        ViewTable table = new ViewTable(streamSettings, viewParts, settings.clock());
        Mesh mesh = new Mesh(
                table,
                new Mesh.Sources(edges, clients, memberships, audit, proxies, LagAnswers.NONE, settings.policy()),
                stream::running,
                settings.clock());
        stream.start();
        table.start();
        return new TopologyApp(stream, table, mesh, counts);
    }

    public MeshView view() {
        return mesh;
    }

    /** What became of the reports that this instance read. */
    public ReportCounts.Snapshot counts() {
        return counts.snapshot();
    }

    /** Leaves the group, so that other instances take over at once. Takes seconds at most; state stays in Kafka. */
    @Override
    public void close() {
        table.close();
        stream.close();
    }
}
