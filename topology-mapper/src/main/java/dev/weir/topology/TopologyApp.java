package dev.weir.topology;

import dev.weir.topology.mesh.LagAnswers;
import dev.weir.topology.mesh.Mesh;
import dev.weir.topology.stream.StreamPart;
import dev.weir.topology.stream.StreamRunner;
import dev.weir.topology.stream.StreamSettings;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.MeshView;
import java.util.ArrayList;
import java.util.List;

/**
 * One instance of the topology: its share of the stream, and all of the view. Neither {@link #start} nor any question
 * waits for Kafka; {@link MeshView#freshness} says how far answers can be trusted.
 */
public final class TopologyApp implements AutoCloseable {
    private final StreamRunner stream;
    private final ViewTable table;
    private final Mesh mesh;

    private TopologyApp(StreamRunner stream, ViewTable table, Mesh mesh) {
        this.stream = stream;
        this.table = table;
        this.mesh = mesh;
    }

    public static TopologyApp start(TopologySettings settings) {
        StreamSettings streamSettings = new StreamSettings(
                settings.client(), settings.applicationId(), settings.instance(), settings.stateDir());
        List<StreamPart> streamParts = new ArrayList<>();
        List<ViewPart> viewParts = new ArrayList<>();
        LagAnswers lag = LagAnswers.NONE;

        StreamRunner stream = new StreamRunner(streamSettings, streamParts);
        ViewTable table = new ViewTable(streamSettings, viewParts, settings.clock());
        Mesh mesh = new Mesh(table, stream::running, lag, settings.policy(), settings.clock());
        stream.start();
        table.start();
        return new TopologyApp(stream, table, mesh);
    }

    public MeshView view() {
        return mesh;
    }

    /** Leaves the group, so that other instances take over at once. Takes seconds at most; state stays in Kafka. */
    @Override
    public void close() {
        table.close();
        stream.close();
    }
}
