package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Two levels of the layered layout: the nodes of each team in a box, and the boxes as nodes of a graph of teams. */
final class TeamLayout {
    static final long PADDING = 20;
    private static final long TITLE_HEIGHT = 28;
    private static final long BOX_GAP_X = 60;

    private TeamLayout() {}

    static GraphLayout of(LayoutGraph graph) {
        Map<String, Set<String>> members = new TreeMap<>();
        graph.nodes()
                .forEach((id, box) -> members.computeIfAbsent(box.team(), team -> new LinkedHashSet<>())
                        .add(id));
        Map<String, GraphLayout> inside = new LinkedHashMap<>();
        Map<String, LayoutGraph.Box> teams = new LinkedHashMap<>();
        members.forEach((team, ids) -> {
            GraphLayout layout = LayeredLayout.of(graph.only(ids));
            inside.put(team, layout);
            long width = layout.width() + 2 * PADDING;
            long height = layout.height() + 2 * PADDING + TITLE_HEIGHT;
            teams.put(team, new LayoutGraph.Box(team, width, height, team));
        });
        Set<LayoutGraph.Link> links = new LinkedHashSet<>();
        for (LayoutGraph.Link link : graph.links()) {
            String from = team(graph, link.from());
            String to = team(graph, link.to());
            if (!from.equals(to)) {
                links.add(new LayoutGraph.Link(from, to));
            }
        }
        return unfold(inside, spread(LayeredLayout.of(new LayoutGraph(teams, List.copyOf(links)))));
    }

    private static String team(LayoutGraph graph, String id) {
        LayoutGraph.Box box = graph.nodes().get(id);
        return box == null ? "" : box.team();
    }

    /** Boxes are of different widths: each column starts where the widest of the one before it ends. */
    private static Map<String, Rect> spread(GraphLayout teams) {
        TreeMap<Long, Long> widest = new TreeMap<>();
        teams.nodes().values().forEach(rect -> widest.merge(rect.x(), rect.width(), Math::max));
        Map<Long, Long> starts = new LinkedHashMap<>();
        long x = 0;
        for (Map.Entry<Long, Long> column : widest.entrySet()) {
            starts.put(column.getKey(), x);
            x += column.getValue() + BOX_GAP_X;
        }
        Map<String, Rect> spread = new LinkedHashMap<>();
        teams.nodes()
                .forEach((team, rect) -> spread.put(team, rect.moved(starts.getOrDefault(rect.x(), 0L) - rect.x(), 0)));
        return spread;
    }

    private static GraphLayout unfold(Map<String, GraphLayout> inside, Map<String, Rect> boxes) {
        Map<String, Rect> nodes = new LinkedHashMap<>();
        boxes.forEach((team, box) -> {
            GraphLayout layout = inside.getOrDefault(team, GraphLayout.EMPTY);
            layout.nodes()
                    .forEach((id, rect) ->
                            nodes.put(id, rect.moved(box.x() + PADDING, box.y() + PADDING + TITLE_HEIGHT)));
        });
        return GraphLayout.around(nodes, boxes);
    }
}
