package dev.weir.topology.layout;

import dev.weir.topology.view.Topology;
import java.util.Map;
import java.util.function.LongSupplier;

/** The pictures of one mesh: with topics or services only, with boxes of teams or without. Any thread, not an event loop. */
public final class Layouts {
    private final StableLayout topics;
    private final StableLayout services;
    private final StableLayout topicsInBoxes;
    private final StableLayout servicesInBoxes;

    public Layouts() {
        this(() -> System.nanoTime() / 1_000_000);
    }

    Layouts(LongSupplier clockMillis) {
        topics = new StableLayout(Layouts::readable, clockMillis);
        services = new StableLayout(Layouts::readable, clockMillis);
        topicsInBoxes = new StableLayout(TeamLayout::of, clockMillis);
        servicesInBoxes = new StableLayout(TeamLayout::of, clockMillis);
    }

    /** What is drawn. */
    public enum Shape {
        /** Topics are nodes. */
        TOPICS,
        /** A service is linked with those that consume what it produces. */
        SERVICES
    }

    /**
     * Where the nodes of this topology stand; the layout may know more of them.
     *
     * @param boxes whether nodes of one team stand together
     */
    public GraphLayout place(Topology topology, Shape shape, boolean boxes) {
        boolean withTopics = shape == Shape.TOPICS;
        Map<String, LayoutGraph.Box> nodes = LayoutGraph.boxes(topology, withTopics);
        StableLayout layout = withTopics ? (boxes ? topicsInBoxes : topics) : (boxes ? servicesInBoxes : services);
        return layout.place(
                nodes,
                topology.edges().size() + topology.mirrors().size(),
                () -> withTopics ? LayoutGraph.links(topology, nodes) : LayoutGraph.joinedLinks(topology, nodes));
    }

    /** A large mesh stands in boxes, whatever was asked for, as no other picture of it can be read. */
    private static GraphLayout readable(LayoutGraph graph) {
        return graph.links().size() > LayeredLayout.FINE_LINKS_MAX && TeamLayout.fits(graph)
                ? TeamLayout.of(graph)
                : LayeredLayout.of(graph);
    }
}
