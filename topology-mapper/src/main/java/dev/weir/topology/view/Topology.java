package dev.weir.topology.view;

import java.util.List;

/**
 * The graph at one moment.
 *
 * @param at end of the window
 * @param windowMillis what rates are taken over
 * @param replay whether it is of the past
 * @param nodes services, topics and what bypasses the mesh, by id
 * @param edges who produces to and consumes from what, by id
 * @param otherEdges edges that are counted in {@link Node.Kind#OTHER} nodes because a limit was reached
 * @param coverage how much of the traffic went through the mesh
 * @param mirrors what mirrors bring from topic to topic, by id
 */
public record Topology(
        long at,
        long windowMillis,
        boolean replay,
        List<Node> nodes,
        List<Edge> edges,
        long otherEdges,
        Coverage coverage,
        List<MirrorEdge> mirrors) {

    public Topology {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
        mirrors = mirrors == null ? List.of() : List.copyOf(mirrors); // one of a version before says nothing of them
    }
}
