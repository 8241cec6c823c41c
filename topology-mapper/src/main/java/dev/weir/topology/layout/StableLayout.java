package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Remembers where nodes stand. Those that are known stay, also when they are gone for a while; a few new ones are put
 * next to what they are linked with; everything is laid out anew only when much has changed. Any thread; a full layout
 * of a large graph takes seconds, and whoever asks meanwhile waits for it.
 */
final class StableLayout {
    private static final int INSERTED_MIN = 5;
    /** One part in so many may be inserted, or gone, before everything is laid out anew. */
    private static final int INSERTED_SHARE = 5;

    private static final int GONE_SHARE = 2;
    private static final long STEP = 8;

    private final Function<LayoutGraph, GraphLayout> whole;
    private GraphLayout current = GraphLayout.EMPTY;
    private int inserted;

    /** @param whole lays out a whole graph */
    StableLayout(Function<LayoutGraph, GraphLayout> whole) {
        this.whole = whole;
    }

    /** Places for at least the nodes of this graph. */
    synchronized GraphLayout place(LayoutGraph graph) {
        List<LayoutGraph.Box> unknown = new ArrayList<>();
        int resized = 0;
        for (LayoutGraph.Box box : graph.nodes().values()) {
            Rect rect = current.nodes().get(box.id());
            if (rect == null) {
                unknown.add(box);
            } else if (rect.height() < box.height()) {
                resized++;
            }
        }
        int gone = current.nodes().size() + unknown.size() - graph.nodes().size();
        int changes = inserted + unknown.size() + resized;
        if (unknown.isEmpty()
                && resized == 0
                && gone * GONE_SHARE <= current.nodes().size()) {
            return current;
        }
        if (changes > Math.max(INSERTED_MIN, current.nodes().size() / INSERTED_SHARE)
                || gone * GONE_SHARE > current.nodes().size()
                || !current.boxes().isEmpty()) {
            current = whole.apply(graph);
            inserted = 0;
        } else {
            current = insert(graph, unknown);
            inserted = changes;
        }
        return current;
    }

    private GraphLayout insert(LayoutGraph graph, List<LayoutGraph.Box> unknown) {
        Map<String, Rect> places = new LinkedHashMap<>(current.nodes());
        graph.nodes()
                .forEach((id, box) -> places.computeIfPresent(id, (same, rect) -> {
                    return new Rect(rect.x(), rect.y(), rect.width(), Math.max(rect.height(), box.height()));
                }));
        for (LayoutGraph.Box box : unknown) {
            places.put(box.id(), free(wanted(graph, places, box), places));
        }
        return GraphLayout.around(places, Map.of());
    }

    /** One column to the right of what leads to it, or to the left of what it leads to; as high as they are. */
    private static Rect wanted(LayoutGraph graph, Map<String, Rect> places, LayoutGraph.Box box) {
        List<Rect> before = new ArrayList<>();
        List<Rect> after = new ArrayList<>();
        for (LayoutGraph.Link link : graph.links()) {
            Rect from = places.get(link.from());
            Rect to = places.get(link.to());
            if (link.to().equals(box.id()) && from != null) {
                before.add(from);
            } else if (link.from().equals(box.id()) && to != null) {
                after.add(to);
            }
        }
        OptionalLong right = before.stream().mapToLong(Rect::x).max();
        OptionalLong left = after.stream().mapToLong(Rect::x).min();
        long x = right.isPresent()
                ? right.getAsLong() + LayeredLayout.COLUMN_STEP
                : Math.max(0, left.orElse(0) - (left.isPresent() ? LayeredLayout.COLUMN_STEP : 0));
        before.addAll(after);
        OptionalDouble middle = before.stream().mapToLong(Rect::middle).average();
        long y = middle.isPresent()
                ? Math.max(0, Math.round(middle.getAsDouble()) - box.height() / 2)
                : places.values().stream()
                        .filter(rect -> rect.x() == 0)
                        .mapToLong(rect -> rect.bottom() + LayeredLayout.GAP)
                        .max()
                        .orElse(0);
        return new Rect(x, y, box.width(), box.height());
    }

    /** The nearest place above or below that nobody has. */
    private static Rect free(Rect wanted, Map<String, Rect> places) {
        List<Rect> near = places.values().stream()
                .filter(rect -> rect.x() < wanted.right() && rect.right() > wanted.x())
                .toList();
        for (long distance = 0; ; distance += STEP) {
            Rect below = wanted.moved(0, distance);
            if (isFree(below, near)) {
                return below;
            }
            Rect above = wanted.moved(0, -distance);
            if (above.y() >= 0 && isFree(above, near)) {
                return above;
            }
        }
    }

    private static boolean isFree(Rect rect, List<Rect> others) {
        return others.stream()
                .noneMatch(other -> other.y() < rect.bottom() + LayeredLayout.GAP / 2
                        && rect.y() < other.bottom() + LayeredLayout.GAP / 2);
    }
}
