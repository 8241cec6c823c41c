package dev.weir.topology.layout;

import dev.weir.topology.view.Topology;

/** The pictures of one mesh: with topics or services only, with boxes of teams or without. Any thread, not an event loop. */
public final class Layouts {
    private final StableLayout topics = new StableLayout(LayeredLayout::of);
    private final StableLayout services = new StableLayout(LayeredLayout::of);
    private final StableLayout topicsInBoxes = new StableLayout(TeamLayout::of);
    private final StableLayout servicesInBoxes = new StableLayout(TeamLayout::of);

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
        return shape == Shape.TOPICS
                ? (boxes ? topicsInBoxes : topics).place(LayoutGraph.withTopics(topology))
                : (boxes ? servicesInBoxes : services).place(LayoutGraph.ofServices(topology));
    }
}
