package dev.weir.topology.layout;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Positions in units of about one pixel at scale 1; the origin is at the top left.
 *
 * @param nodes by id
 * @param boxes around the nodes of one team, by the team's name; empty unless asked for
 */
public record GraphLayout(long width, long height, Map<String, Rect> nodes, Map<String, Rect> boxes) {
    public static final GraphLayout EMPTY = new GraphLayout(0, 0, Map.of(), Map.of());

    public GraphLayout {
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
        boxes = Collections.unmodifiableMap(new LinkedHashMap<>(boxes));
    }

    /** A layout as large as what is in it. */
    static GraphLayout around(Map<String, Rect> nodes, Map<String, Rect> boxes) {
        long width = 0;
        long height = 0;
        for (Map<String, Rect> each : List.of(nodes, boxes)) {
            for (Rect rect : each.values()) {
                width = Math.max(width, rect.right());
                height = Math.max(height, rect.bottom());
            }
        }
        return new GraphLayout(width, height, nodes, boxes);
    }

    /** A place; x and y are its top left corner. */
    public record Rect(long x, long y, long width, long height) {

        long right() {
            return x + width;
        }

        long bottom() {
            return y + height;
        }

        long middle() {
            return y + height / 2;
        }

        Rect moved(long dx, long dy) {
            return new Rect(x + dx, y + dy, width, height);
        }
    }
}
