package dev.weir.topology.mirror;

import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.ProxyReport;
import dev.weir.topology.history.Grid;
import dev.weir.topology.view.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The edges of all mirrors, each with its last hour. Proxies say what their mirrors did since they started; what is counted is
 * the difference to what the same run of a proxy said before. Called as parts of the view are: by its thread, under its lock.
 */
public final class MirrorTable {
    static final int EDGES_MAX = 5_000;
    /** For so long an edge is there after its last report; its moments go sooner. */
    private static final long EDGE_KEEP_MILLIS = 24 * 3_600_000L;
    /** As long as a proxy reports, it knows up to there. */
    private static final long REPORT_LATE_MILLIS = 15_000;

    private static final class Row {
        private final MirrorSlots slots = new MirrorSlots();
        private MirrorCounts total = MirrorCounts.NONE;
        private long inFlight;
        private String lastError = "";
        private long lastErrorMillis;
        private long firstSeenMillis = Long.MAX_VALUE;
        private long lastSeenMillis;
        /** Up to when policy had it, as proxies said. */
        private long inForceMillis;

        /** Whether policy had it no more, and nothing came of it, in all of a time. */
        private boolean isPast(long fromMillis, MirrorCounts counts) {
            return inForceMillis < fromMillis
                    && lastSeenMillis - inForceMillis > REPORT_LATE_MILLIS
                    && counts.isNone()
                    && inFlight <= 0;
        }
    }

    private final Map<MirrorKey, Row> rows = new HashMap<>();
    private final MirrorTargets targets = new MirrorTargets();

    /**
     * A proxy has said something new.
     *
     * @param before what it said last; {@code null} for nothing
     */
    public void take(@Nullable ProxyReport before, ProxyReport report) {
        Header header = report.getHeader();
        boolean sameRun = before != null && before.getHeader().getEpochMillis() == header.getEpochMillis();
        Map<MirrorKey, ProxyReport.Mirror> known = new HashMap<>();
        if (before != null) {
            before.getMirrorsList().forEach(mirror -> known.put(MirrorKey.of(mirror), mirror));
        }
        long to = header.getToMillis();
        long from =
                Math.min(to, sameRun && before != null ? before.getHeader().getToMillis() : header.getEpochMillis());
        for (ProxyReport.Mirror mirror : report.getMirrorsList()) {
            MirrorKey key = MirrorKey.of(mirror);
            ProxyReport.Mirror was = known.remove(key);
            Row row = rows.get(key);
            if (row == null && rows.size() < EDGES_MAX) {
                row = new Row();
                rows.put(key, row);
            }
            if (!mirror.getPast()
                    || mirror.getInFlightRecords() > 0
                    || was == null
                    || !MirrorCounts.of(mirror).equals(MirrorCounts.of(was))) {
                targets.seen(key.targetCluster(), key.targetTopic(), to);
            }
            if (row != null) {
                MirrorCounts counts = MirrorCounts.of(mirror);
                if (sameRun || to - from < REPORT_LATE_MILLIS) {
                    count(row, from, to, sameRun && was != null ? counts.minus(MirrorCounts.of(was)) : counts);
                } else {
                    countBefore(row, to, counts);
                }
                row.inFlight += mirror.getInFlightRecords() - (was == null ? 0 : was.getInFlightRecords());
                describe(row, mirror, to);
            }
        }
        report.getUntoldMirrorClustersList().forEach(cluster -> targets.seen(cluster, to));
        known.forEach(this::endInFlight);
    }

    /** Where copies of a proxy's run went up to its last report; of what became of them it says nothing. */
    public void takeRun(ProxyReport run) {
        long to = run.getHeader().getToMillis();
        run.getMirrorsList().forEach(mirror -> targets.seen(mirror.getTargetCluster(), mirror.getTargetTopic(), to));
        run.getUntoldMirrorClustersList().forEach(cluster -> targets.seen(cluster, to));
    }

    private static void count(Row row, long from, long to, MirrorCounts counts) {
        row.slots.add(from, to, counts);
        row.total = row.total.plus(counts);
        row.firstSeenMillis = Math.min(row.firstSeenMillis, from);
    }

    /** What happened when nobody listened belongs to no moment: what was lost then is not being lost. */
    private static void countBefore(Row row, long to, MirrorCounts counts) {
        row.total = row.total.plus(counts);
        row.firstSeenMillis = Math.min(row.firstSeenMillis, to);
    }

    private static void describe(Row row, ProxyReport.Mirror mirror, long to) {
        row.lastSeenMillis = Math.max(row.lastSeenMillis, to);
        if (!mirror.getPast()) {
            row.inForceMillis = Math.max(row.inForceMillis, to);
        }
        if (mirror.getLastErrorMillis() > row.lastErrorMillis) {
            row.lastErrorMillis = mirror.getLastErrorMillis();
            row.lastError = mirror.getLastError();
        }
    }

    /** A proxy is gone, and what was on its way with it. */
    public void forget(ProxyReport last) {
        last.getMirrorsList().forEach(mirror -> endInFlight(MirrorKey.of(mirror), mirror));
    }

    private void endInFlight(MirrorKey key, ProxyReport.Mirror last) {
        Row row = rows.get(key);
        if (row != null) {
            row.inFlight -= last.getInFlightRecords();
        }
    }

    /** Forgets what is too old. */
    public void tick(long nowMillis) {
        rows.values().removeIf(row -> row.lastSeenMillis < nowMillis - EDGE_KEEP_MILLIS);
        rows.values().forEach(row -> row.slots.dropOld(nowMillis));
        targets.tick(nowMillis);
    }

    /** Whether copies go to a topic, or went there lately: then not all that is in it can have come through the mesh. */
    public boolean leadTo(String cluster, String topic, long nowMillis) {
        return targets.contain(cluster, topic, nowMillis);
    }

    /** Clusters where copies go to so many topics that any of them may be one, by name. */
    public List<String> leadAnywhereIn(long nowMillis) {
        return targets.clusters(nowMillis);
    }

    /**
     * All edges that were there at the moment, also those on which nothing happened in the window; but of mirrors that policy had no more, only
     * those on which something did.
     */
    public List<MirrorSum> sums(Moment moment, long nowMillis) {
        long length = Math.max(Moment.WINDOW_MILLIS_MIN, Math.min(Moment.WINDOW_MILLIS_MAX, moment.windowMillis()));
        List<MirrorSum> sums = new ArrayList<>(rows.size());
        rows.forEach((key, row) -> {
            boolean live = moment.at().isEmpty();
            boolean reporting = nowMillis - row.lastSeenMillis < REPORT_LATE_MILLIS;
            long end = live
                    ? (reporting ? Math.min(nowMillis, row.lastSeenMillis) : nowMillis)
                    : Grid.FINE.slotStart(Math.min(nowMillis, moment.at().getAsLong()) + Grid.FINE.stepMillis() - 1);
            long kept = nowMillis - MirrorSlots.SLOT_KEEP_MILLIS;
            if (live || (row.firstSeenMillis < end && end > kept)) {
                MirrorSum sum = sum(key, row, end, Math.min(length, end - kept), live);
                if (!row.isPast(end - length, sum.counts())) {
                    sums.add(sum);
                }
            }
        });
        return sums;
    }

    private static MirrorSum sum(MirrorKey key, Row row, long end, long length, boolean live) {
        long start = Grid.FINE.slotStart(end - length);
        long until = live ? Long.MAX_VALUE : end;
        // one that has begun in the window is not thinned by the time before
        long from = Math.max(start, Math.min(row.firstSeenMillis, end - Moment.WINDOW_MILLIS_MIN / 2));
        return new MirrorSum(
                key,
                (end - from) / 1e3,
                row.slots.sum(start, until),
                live ? row.total : row.total.minus(row.slots.sum(end, Long.MAX_VALUE)),
                live ? row.inFlight : 0,
                row.lastError,
                row.firstSeenMillis,
                live ? row.lastSeenMillis : Math.min(row.lastSeenMillis, end));
    }
}
