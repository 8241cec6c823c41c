package dev.weir.topology.edge;

import dev.weir.topology.history.Grid;
import dev.weir.topology.view.Moment;

/**
 * The time that an answer is about, in whole slots: [start, end).
 *
 * @param live whether it ends with what was reported last; else it is of the past
 */
record Window(long startMillis, long endMillis, Grid grid, boolean live) {
    /** As long as proxies report every second, they know up to here. */
    private static final long REPORT_LATE_MILLIS = 10_000;

    static Window of(Moment moment, long nowMillis, long newestReportMillis, long fineKeptMillis) {
        long length = Math.max(Moment.WINDOW_MILLIS_MIN, Math.min(Moment.WINDOW_MILLIS_MAX, moment.windowMillis()));
        if (moment.at().isEmpty()) {
            boolean reporting = nowMillis - newestReportMillis < REPORT_LATE_MILLIS;
            long end = reporting ? Math.min(nowMillis, newestReportMillis) : nowMillis;
            return new Window(Grid.FINE.slotStart(end - length), end, Grid.FINE, true);
        }
        long at = Math.min(nowMillis, moment.at().getAsLong());
        Grid grid = at - length >= nowMillis - fineKeptMillis ? Grid.FINE : Grid.COARSE;
        long end = grid.slotStart(at + grid.stepMillis() - 1);
        return new Window(grid.slotStart(at - length), end, grid, false);
    }

    /**
     * The seconds that rates of one edge are over. While an edge flows, its counts go as far as its newest report; one
     * that has begun in the window is not thinned by the time before.
     */
    double seconds(long firstSeenMillis, long lastSeenMillis) {
        if (!live) {
            return (endMillis - startMillis) / 1e3;
        }
        long from = Math.max(startMillis, Math.min(firstSeenMillis, endMillis - Moment.WINDOW_MILLIS_MIN / 2));
        long to = endMillis - lastSeenMillis < 3_000 ? Math.max(lastSeenMillis, from + 1_000) : endMillis;
        return (to - from) / 1e3;
    }
}
