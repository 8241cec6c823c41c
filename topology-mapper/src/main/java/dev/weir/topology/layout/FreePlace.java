package dev.weir.topology.layout;

import dev.weir.topology.layout.GraphLayout.Rect;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds room for one more node. */
final class FreePlace {
    private static final long STEP = 8;
    private static final long MARGIN = 8;

    private FreePlace() {}

    /** The nearest place above or below that nobody has; there always is one. */
    static Rect near(Rect wanted, Collection<Rect> others) {
        List<Rect> column = others.stream()
                .filter(rect -> rect.x() < wanted.right() && rect.right() > wanted.x())
                .toList();
        for (long distance = 0; ; distance += STEP) {
            Rect below = wanted.moved(0, distance);
            if (isFree(below, column)) {
                return below;
            }
            Rect above = wanted.moved(0, -distance);
            if (above.y() >= 0 && isFree(above, column)) {
                return above;
            }
        }
    }

    /** The place in this box that is nearest to the wanted one; empty when the box is full. */
    static Optional<Rect> within(Rect box, Rect wanted, Collection<Rect> others) {
        List<Rect> inside = others.stream()
                .filter(rect -> rect.x() < box.right() && rect.right() > box.x())
                .toList();
        Rect best = null;
        long least = Long.MAX_VALUE;
        long top = box.y() + TeamLayout.PADDING + TeamLayout.TITLE_HEIGHT;
        for (long x = box.x() + TeamLayout.PADDING; x + wanted.width() <= box.right(); x += LayeredLayout.COLUMN_STEP) {
            for (long y = top; y + wanted.height() <= box.bottom(); y += STEP) {
                Rect place = new Rect(x, y, wanted.width(), wanted.height());
                long distance = Math.abs(x - wanted.x()) + Math.abs(y - wanted.y());
                if (distance < least && isFree(place, inside)) {
                    best = place;
                    least = distance;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    private static boolean isFree(Rect rect, List<Rect> others) {
        return others.stream()
                .noneMatch(other -> other.x() < rect.right()
                        && rect.x() < other.right()
                        && other.y() < rect.bottom() + MARGIN
                        && rect.y() < other.bottom() + MARGIN);
    }
}
