package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Remembers where nodes stand. Those that are known stay, also when they are gone for a while; a few new ones are put
 * next to what they are linked with. Everything is laid out anew when much has changed, where there is no room, when records
 * would flow from right to left and need not, once nothing new has come for a while, and when nobody has looked for long: then
 * it depends on the mesh only, and not on the order in which it became known.
 *
 * <p>Any thread; a full layout of a large graph takes seconds, and whoever asks meanwhile waits for it.
 */
final class StableLayout {
    private static final int INSERTED_MIN = 5;
    /** One part in so many may be inserted before everything is laid out anew. */
    private static final int INSERTED_SHARE = 5;
    /** One part in so many may be gone. */
    private static final int GONE_SHARE = 2;

    /** Flows that came since the last full layout, as a share of those that it knew: more, and it tells nothing. */
    private static final double GROWN_SHARE = 0.5;

    private static final int GROWN_MIN = 2;

    /** A mesh that did not change for so long has settled. */
    static final long SETTLE_MILLIS = 10_000;
    /** Who has not looked for so long does not miss where everything was. */
    static final long UNWATCHED_MILLIS = 600_000;

    private final Function<LayoutGraph, GraphLayout> whole;
    private final LongSupplier clockMillis;
    private GraphLayout current = GraphLayout.EMPTY;
    private int inserted;
    private int flowsKnown;
    private int flowsBefore;
    private boolean settled;
    private long changedMillis;
    private long askedMillis;

    /** @param whole lays out a whole graph */
    StableLayout(Function<LayoutGraph, GraphLayout> whole, LongSupplier clockMillis) {
        this.whole = whole;
        this.clockMillis = clockMillis;
        this.askedMillis = clockMillis.getAsLong();
    }

    /**
     * Places for at least these nodes.
     *
     * @param flows how many there are between them
     * @param links between them, asked for only when something has to be placed
     */
    synchronized GraphLayout place(
            Map<String, LayoutGraph.Box> nodes, int flows, Supplier<List<LayoutGraph.Link>> links) {
        List<LayoutGraph.Box> unplaced = nodes.values().stream()
                .filter(box -> {
                    Rect rect = current.nodes().get(box.id());
                    return rect == null || rect.height() < box.height();
                })
                .toList();
        long unknown = unplaced.stream()
                .filter(box -> !current.nodes().containsKey(box.id()))
                .count();
        long now = clockMillis.getAsLong();
        boolean unwatched = inserted > 0 && now - askedMillis >= UNWATCHED_MILLIS;
        askedMillis = now;
        if (!unplaced.isEmpty() || flows != flowsBefore) {
            settled = false;
            changedMillis = now;
            flowsBefore = flows;
        }
        long gone = current.nodes().size() + unknown - nodes.size();
        boolean another = current.nodes().isEmpty()
                || unwatched
                || gone * GONE_SHARE > current.nodes().size()
                || flows > flowsKnown + GROWN_MIN + flowsKnown * GROWN_SHARE;
        if (nodes.isEmpty()) {
            return current;
        }
        if (unplaced.isEmpty() && !another) {
            if (!settled && now - changedMillis >= SETTLE_MILLIS) {
                settled = true;
                straighten(new LayoutGraph(nodes, links.get()), flows);
            }
            return current;
        }
        LayoutGraph graph = new LayoutGraph(nodes, links.get());
        int insertedMax = Math.max(INSERTED_MIN, current.nodes().size() / INSERTED_SHARE);
        Optional<GraphLayout> more =
                another || inserted + unplaced.size() > insertedMax ? Optional.empty() : insert(graph, unplaced);
        if (more.isPresent()) {
            inserted += unplaced.size();
            current = more.get();
        } else {
            inserted = 0;
            flowsKnown = flows;
            current = whole.apply(graph);
        }
        return current;
    }

    /** Lays everything out anew if fewer records flow from right to left then: in a circle some always do. */
    private void straighten(LayoutGraph graph, int flows) {
        long backwards = graph.backwards(current);
        if (backwards > 0 && graph.links().size() <= LayeredLayout.FINE_LINKS_MAX) {
            GraphLayout anew = whole.apply(graph);
            if (graph.backwards(anew) < backwards) {
                inserted = 0;
                flowsKnown = flows;
                current = anew;
            }
        }
    }

    /** The layout with these in it; empty when there is no room for one of them. */
    private Optional<GraphLayout> insert(LayoutGraph graph, List<LayoutGraph.Box> unplaced) {
        Map<String, Rect> places = new LinkedHashMap<>(current.nodes());
        for (LayoutGraph.Box box : unplaced) {
            places.remove(box.id());
            Optional<Rect> place = current.boxes().isEmpty()
                    ? Optional.of(FreePlace.near(wanted(graph, places, box), places.values()))
                    : Optional.ofNullable(current.boxes().get(box.team()))
                            .flatMap(team -> FreePlace.within(team, wanted(graph, places, box), places.values()));
            if (place.isEmpty()) {
                return Optional.empty();
            }
            places.put(box.id(), place.get());
        }
        return Optional.of(GraphLayout.around(places, current.boxes()));
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
        long x = 0;
        if (!before.isEmpty()) {
            x = before.stream().mapToLong(Rect::x).max().orElse(0) + LayeredLayout.COLUMN_STEP;
        } else if (!after.isEmpty()) {
            x = Math.max(0, after.stream().mapToLong(Rect::x).min().orElse(0) - LayeredLayout.COLUMN_STEP);
        }
        before.addAll(after);
        double middle = before.stream().mapToLong(Rect::middle).average().orElse(0);
        return new Rect(x, Math.max(0, Math.round(middle) - box.height() / 2), box.width(), box.height());
    }
}
