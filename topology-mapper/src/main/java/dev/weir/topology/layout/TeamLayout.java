package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Two levels of the layered layout: the nodes of each team in a box, and the boxes as nodes of a graph of teams. */
final class TeamLayout {
    static final long PADDING = 20;
    static final long TITLE_HEIGHT = 28;
    private static final long BOX_GAP = 70;
    /** With more teams than this their layers make one endless row; boxes are put on shelves instead. */
    private static final int LAYERED_TEAMS_MAX = 8;

    private static final double ASPECT = 1.7;
    /** A picture in boxes helps where no team has more than its share of everything. */
    private static final int SHARE_MAX = 2;

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
        GraphLayout layered = LayeredLayout.of(new LayoutGraph(teams, List.copyOf(links)));
        return unfold(inside, teams.size() <= LAYERED_TEAMS_MAX ? spread(layered) : shelves(layered));
    }

    /** Whether teams divide this graph. */
    static boolean fits(LayoutGraph graph) {
        Map<String, Integer> sizes = new TreeMap<>();
        graph.nodes().values().forEach(box -> sizes.merge(box.team(), 1, Integer::sum));
        return sizes.values().stream()
                .allMatch(size -> size * SHARE_MAX <= graph.nodes().size());
    }

    /** In the order of their layers, from left to right and then below. */
    private static Map<String, Rect> shelves(GraphLayout teams) {
        List<Map.Entry<String, Rect>> order = new ArrayList<>(teams.nodes().entrySet());
        order.sort(Comparator.comparingLong(
                        (Map.Entry<String, Rect> team) -> team.getValue().x())
                .thenComparingLong(team -> team.getValue().y()));
        double area = order.stream()
                .mapToDouble(team -> (double) (team.getValue().width() + BOX_GAP)
                        * (team.getValue().height() + BOX_GAP))
                .sum();
        double widthMax = Math.sqrt(area * ASPECT);
        Map<String, Rect> shelves = new LinkedHashMap<>();
        long x = 0;
        long y = 0;
        long tallest = 0;
        for (Map.Entry<String, Rect> team : order) {
            Rect rect = team.getValue();
            if (x > 0 && x + rect.width() > widthMax) {
                x = 0;
                y += tallest + BOX_GAP;
                tallest = 0;
            }
            shelves.put(team.getKey(), new Rect(x, y, rect.width(), rect.height()));
            x += rect.width() + BOX_GAP;
            tallest = Math.max(tallest, rect.height());
        }
        return shelves;
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
            x += column.getValue() + BOX_GAP;
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
