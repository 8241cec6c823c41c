package dev.weir.topology.mesh;

import dev.weir.topology.stream.ViewTable;
import dev.weir.topology.view.Freshness;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Says whether the view is up to date, and remembers since when. Any thread. */
final class FreshnessState {
    /** Proxies report every few seconds, also when nothing flows. */
    private static final long SILENT_MILLIS = 15_000;

    private final BooleanSupplier streamRuns;
    private @Nullable Freshness last;

    FreshnessState(BooleanSupplier streamRuns) {
        this.streamRuns = streamRuns;
    }

    synchronized Freshness now(ViewTable.Status table, long newestReportMillis, long nowMillis) {
        Freshness.State state = state(table.state(), newestReportMillis, nowMillis);
        Freshness before = last;
        long since = before != null && before.state() == state
                ? before.sinceMillis()
                : since(state, table, newestReportMillis, nowMillis);
        Freshness now = new Freshness(state, since, newestReportMillis, detail(state, table, newestReportMillis));
        last = now;
        return now;
    }

    private Freshness.State state(ViewTable.State table, long newestReportMillis, long nowMillis) {
        return switch (table) {
            case KAFKA_DOWN -> Freshness.State.KAFKA_DOWN;
            case STARTING -> Freshness.State.STARTING;
            case READ -> {
                if (nowMillis - newestReportMillis < SILENT_MILLIS) {
                    yield Freshness.State.LIVE;
                }
                yield streamRuns.getAsBoolean() ? Freshness.State.SILENT : Freshness.State.STARTING;
            }
        };
    }

    private static long since(Freshness.State state, ViewTable.Status table, long newestReportMillis, long nowMillis) {
        return switch (state) {
            case KAFKA_DOWN, STARTING -> table.sinceMillis();
            case SILENT -> newestReportMillis > 0 ? newestReportMillis : table.sinceMillis();
            case LIVE -> nowMillis;
        };
    }

    private static String detail(Freshness.State state, ViewTable.Status table, long newestReportMillis) {
        return switch (state) {
            case LIVE -> "";
            case KAFKA_DOWN -> "the cluster that holds the reports cannot be reached";
            case STARTING ->
                table.state() == ViewTable.State.STARTING ? "reading what was known before" : "restoring state";
            case SILENT ->
                newestReportMillis > 0
                        ? "proxies have stopped, or cannot write their reports"
                        : "no proxy has reported yet";
        };
    }
}
