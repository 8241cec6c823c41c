package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.CycleBreakingStrategy;
import org.eclipse.elk.alg.layered.options.GreedySwitchType;
import org.eclipse.elk.alg.layered.options.LayeredMetaDataProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.LayeringStrategy;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.NullElkProgressMonitor;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * The layered algorithm of ELK, which decides on columns and on the order in each; columns stand at fixed distances, as
 * edges are drawn as curves that need no channels. Small graphs also get ELK's heights, which make edges straight; in
 * large ones columns are stacked, which keeps the picture compact. Deterministic; computing, so not for an event loop.
 */
final class LayeredLayout {
    static final long COLUMN_STEP = LayoutGraph.NODE_WIDTH + 118;
    static final long GAP = 34;
    private static final long COMPACT_GAP = 10;
    /** Beyond this the finer steps of the algorithm cost seconds, and nobody sees what they are for. */
    static final int FINE_LINKS_MAX = 600;

    /** How much wider than high a compact picture is to be. */
    private static final double ASPECT = 1.7;
    /** From this aspect on, rows are moved apart, up to so many times. */
    private static final double WIDE = 2.2;

    private static final double STRETCH_MAX = 1.8;

    static {
        LayoutMetaDataService.getInstance().registerLayoutMetaDataProviders(new LayeredMetaDataProvider());
    }

    private LayeredLayout() {}

    static GraphLayout of(LayoutGraph graph) {
        if (graph.nodes().isEmpty()) {
            return GraphLayout.EMPTY;
        }
        boolean fine = graph.links().size() <= FINE_LINKS_MAX;
        ElkNode root = ElkGraphUtil.createGraph();
        configure(root, fine);
        Map<String, ElkNode> placed = new LinkedHashMap<>();
        graph.nodes().forEach((id, box) -> {
            ElkNode node = ElkGraphUtil.createNode(root);
            node.setIdentifier(id);
            node.setDimensions((double) box.width(), (double) box.height());
            placed.put(id, node);
        });
        for (LayoutGraph.Link link : graph.links()) {
            ElkGraphUtil.createSimpleEdge(placed.get(link.from()), placed.get(link.to()));
        }
        new LayeredLayoutProvider().layout(root, new NullElkProgressMonitor());
        GraphLayout layout = GraphLayout.around(columns(placed, fine), Map.of());
        return fine ? stretched(layout) : layout;
    }

    /** A low, wide picture leaves most of a screen empty: what it has goes to the distances between rows. */
    private static GraphLayout stretched(GraphLayout layout) {
        double factor = Math.min(STRETCH_MAX, layout.width() / (WIDE * Math.max(1, layout.height())));
        if (factor <= 1) {
            return layout;
        }
        Map<String, Rect> nodes = new LinkedHashMap<>();
        layout.nodes().forEach((id, rect) -> nodes.put(id, rect.moved(0, Math.round((factor - 1) * rect.middle()))));
        long top = nodes.values().stream().mapToLong(Rect::y).min().orElse(0);
        nodes.replaceAll((id, rect) -> rect.moved(0, -top));
        return GraphLayout.around(nodes, Map.of());
    }

    private static void configure(ElkNode root, boolean fine) {
        root.setProperty(CoreOptions.DIRECTION, Direction.RIGHT);
        root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.POLYLINE);
        root.setProperty(CoreOptions.RANDOM_SEED, 1);
        root.setProperty(CoreOptions.SEPARATE_CONNECTED_COMPONENTS, false);
        root.setProperty(CoreOptions.SPACING_NODE_NODE, (double) GAP);
        root.setProperty(CoreOptions.SPACING_EDGE_NODE, (double) GAP / 2);
        root.setProperty(LayeredOptions.CYCLE_BREAKING_STRATEGY, CycleBreakingStrategy.GREEDY);
        if (fine) {
            root.setProperty(LayeredOptions.LAYERING_STRATEGY, LayeringStrategy.NETWORK_SIMPLEX);
            root.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
        } else {
            root.setProperty(LayeredOptions.LAYERING_STRATEGY, LayeringStrategy.LONGEST_PATH);
            root.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.SIMPLE);
            root.setProperty(LayeredOptions.THOROUGHNESS, 1);
            root.setProperty(LayeredOptions.CROSSING_MINIMIZATION_GREEDY_SWITCH_TYPE, GreedySwitchType.OFF);
        }
    }

    private static Map<String, Rect> columns(Map<String, ElkNode> placed, boolean fine) {
        TreeMap<Long, List<ElkNode>> columns = new TreeMap<>();
        for (ElkNode node : placed.values()) {
            columns.computeIfAbsent(Math.round(node.getX()), x -> new ArrayList<>())
                    .add(node);
        }
        Map<String, Rect> rects = new LinkedHashMap<>();
        List<List<ElkNode>> ordered = fine ? List.copyOf(columns.values()) : wrapped(columns.values(), placed.size());
        long tallest =
                ordered.stream().mapToLong(LayeredLayout::stackedHeight).max().orElse(0);
        long x = 0;
        for (List<ElkNode> column : ordered) {
            column.sort(Comparator.comparingDouble(ElkNode::getY));
            long y = fine ? 0 : (tallest - stackedHeight(column)) / 2;
            for (ElkNode node : column) {
                rects.put(node.getIdentifier(), rect(node, x, fine ? Math.round(node.getY()) : y));
                y += Math.round(node.getHeight()) + COMPACT_GAP;
            }
            x += COLUMN_STEP;
        }
        return rects;
    }

    /** Very tall columns become several, or the picture would be a line. */
    private static List<List<ElkNode>> wrapped(Collection<List<ElkNode>> columns, int nodes) {
        double cell = (double) COLUMN_STEP / (LayoutGraph.NODE_HEIGHT + COMPACT_GAP);
        int rows = (int) Math.max(12, Math.ceil(Math.sqrt(nodes * cell / ASPECT)));
        List<List<ElkNode>> wrapped = new ArrayList<>();
        for (List<ElkNode> column : columns) {
            column.sort(Comparator.comparingDouble(ElkNode::getY));
            for (int from = 0; from < column.size(); from += rows) {
                wrapped.add(new ArrayList<>(column.subList(from, Math.min(column.size(), from + rows))));
            }
        }
        return wrapped;
    }

    private static Rect rect(ElkNode node, long x, long y) {
        return new Rect(x, y, Math.round(node.getWidth()), Math.round(node.getHeight()));
    }

    private static long stackedHeight(List<ElkNode> column) {
        return column.stream()
                        .mapToLong(node -> Math.round(node.getHeight()) + COMPACT_GAP)
                        .sum()
                - COMPACT_GAP;
    }
}
