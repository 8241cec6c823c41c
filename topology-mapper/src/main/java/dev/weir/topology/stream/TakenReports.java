package dev.weir.topology.stream;

import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Header;
import dev.weir.topology.state.v1.SeenReports;
import java.util.HashMap;
import java.util.Map;

/**
 * Which reports about one thing were taken, so that each is taken once. For each run of a proxy and each client that it
 * reports of: the highest sequence, and which of the 63 before it came. Bounded; not thread-safe.
 */
public final class TakenReports {
    private static final int REPORTERS_MAX = 1_024;
    private static final int BITS = 64;

    private static final class Row {
        private long highest;
        private long taken;
        private long toMillis;
    }

    private final Map<Long, Row> rows = new HashMap<>(4);

    public static TakenReports of(SeenReports seen) {
        TakenReports reports = new TakenReports();
        for (int i = 0; i < seen.getReportersCount(); i++) {
            Row row = new Row();
            row.highest = seen.getHighestSequences(i);
            row.taken = seen.getTaken(i);
            row.toMillis = seen.getToMillis(i);
            reports.rows.put(seen.getReporters(i), row);
        }
        return reports;
    }

    /** Who reports of whom: what {@link #take} tells apart. */
    public static long reporter(Header header, Client client) {
        return new Hash64()
                .add(header.getProxy())
                .add(header.getEpochMillis())
                .add(client)
                .value();
    }

    /** False when it was taken before, or is so old that nobody can say. */
    public boolean take(long reporter, Header header) {
        Row row = rows.get(reporter);
        if (row == null) {
            row = new Row();
            row.highest = header.getSequence() - 1;
            if (rows.size() >= REPORTERS_MAX) {
                dropOldest();
            }
            rows.put(reporter, row);
        }
        long ahead = header.getSequence() - row.highest;
        if (ahead > 0) {
            row.taken = ahead >= BITS ? 1 : row.taken << ahead | 1;
            row.highest = header.getSequence();
        } else {
            long bit = -ahead >= BITS ? 0 : 1L << -ahead;
            if (bit == 0 || (row.taken & bit) != 0) {
                return false;
            }
            row.taken |= bit;
        }
        row.toMillis = Math.max(row.toMillis, header.getToMillis());
        return true;
    }

    private void dropOldest() {
        rows.entrySet().stream()
                .min((a, b) -> Long.compare(a.getValue().toMillis, b.getValue().toMillis))
                .map(Map.Entry::getKey)
                .ifPresent(rows::remove);
    }

    /** Forgets who has not reported of anything since. */
    public void dropBefore(long millis) {
        rows.values().removeIf(row -> row.toMillis < millis);
    }

    public SeenReports toMessage() {
        SeenReports.Builder seen = SeenReports.newBuilder();
        rows.forEach((reporter, row) -> seen.addReporters(reporter)
                .addHighestSequences(row.highest)
                .addTaken(row.taken)
                .addToMillis(row.toMillis));
        return seen.build();
    }
}
