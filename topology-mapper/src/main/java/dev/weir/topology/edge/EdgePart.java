package dev.weir.topology.edge;

import dev.weir.mesh.report.ReportTopic;
import dev.weir.topology.stream.InMemoryPart;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StreamPart;
import java.util.List;

/** The part of the stream that counts flows. */
public final class EdgePart {
    static final String EDGES = "edges";
    static final String HOURS = "edge-hours";

    private EdgePart() {}

    public static StreamPart of(Census census, ReportCounts counts) {
        return new InMemoryPart(
                "edge", ReportTopic.FLOWS, List.of(EDGES, HOURS), () -> new EdgeProcessor(census, counts));
    }
}
