package dev.weir.topology.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.topology.history.ChunkSeries;
import dev.weir.topology.history.Counts;
import dev.weir.topology.history.Grid;
import dev.weir.topology.state.v1.EdgeRecord;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.Moment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All edges of the mesh, an hour of each in slots of ten seconds and a day in slots of a minute. */
public final class EdgeTable implements ViewPart {
    private static final long FINE_KEEP_MILLIS = 75 * 60_000L;
    private static final long COARSE_KEEP_MILLIS = 25 * 3_600_000L;
    /** A chunk less. */
    private static final long FINE_ANSWER_MILLIS = FINE_KEEP_MILLIS - Grid.FINE.chunkMillis();

    private static final long SWEEP_MILLIS = 60_000;

    private static final class Row {
        private final ChunkSeries fine = new ChunkSeries(Grid.FINE);
        private final ChunkSeries coarse = new ChunkSeries(Grid.COARSE);
        private @Nullable EdgeKey key;
        private long firstSeenMillis = Long.MAX_VALUE;
        private long lastSeenMillis;
        private long recordsTotal;
        private long plaintextMillis;
        private long others;
        private String mechanism = "";
        private List<Long> clients = List.of();
    }

    private final Census census;
    private final Map<Long, Row> rows = new HashMap<>();
    private long newestMillis = -1;
    private long sweptMillis;

    public EdgeTable(Census census) {
        this.census = census;
    }

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.EDGE, RecordKind.EDGE_HOUR);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        long id = Hash64.ofKey(key);
        if (value == null) {
            if (kind == RecordKind.EDGE) {
                remove(id);
            }
            return;
        }
        Row row = rows.computeIfAbsent(id, absent -> new Row());
        if (kind == RecordKind.EDGE_HOUR) {
            row.coarse.put(ByteBuffer.wrap(key).getLong(9), value);
            return;
        }
        try {
            describe(id, row, EdgeRecord.parseFrom(value));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an edge that was written by this program", e);
        }
    }

    private void describe(long id, Row row, EdgeRecord record) {
        row.fine.put(record.getSlots().getStartMillis(), record.getSlots().toByteArray());
        if (row.key == null) {
            EdgeKey key = EdgeKey.of(record.getName());
            row.key = key;
            census.add(id, key);
        }
        // an older chunk of it may come after a newer one
        row.firstSeenMillis = Math.min(row.firstSeenMillis, record.getFirstSeenMillis());
        if (record.getLastSeenMillis() >= row.lastSeenMillis) {
            row.lastSeenMillis = record.getLastSeenMillis();
            row.recordsTotal = record.getRecordsTotal();
            row.plaintextMillis = record.getPlaintextMillis();
            row.mechanism = record.getMechanism();
            row.clients = List.copyOf(record.getClientsList());
            row.others = record.getOthers();
        }
        newestMillis = Math.max(newestMillis, record.getLastSeenMillis());
    }

    private void remove(long id) {
        Row row = rows.remove(id);
        if (row != null && row.key != null) {
            census.remove(id, row.key);
        }
    }

    @Override
    public void tick(long nowMillis) {
        if (nowMillis - sweptMillis < SWEEP_MILLIS) {
            return;
        }
        sweptMillis = nowMillis;
        for (Iterator<Map.Entry<Long, Row>> all = rows.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Long, Row> entry = all.next();
            Row row = entry.getValue();
            row.fine.dropBefore(nowMillis - FINE_KEEP_MILLIS);
            row.coarse.dropBefore(nowMillis - COARSE_KEEP_MILLIS);
            if (row.fine.isEmpty() && row.coarse.isEmpty() && row.lastSeenMillis < nowMillis - COARSE_KEEP_MILLIS) {
                all.remove();
                if (row.key != null) {
                    census.remove(entry.getKey(), row.key);
                }
            }
        }
    }

    /** End of the time that the newest report was about; -1 before the first. */
    public long newestMillis() {
        return newestMillis;
    }

    /** All edges that were there at the moment, also those on which nothing happened in the window. */
    public List<EdgeSum> sums(Moment moment, long nowMillis) {
        Window window = Window.of(moment, nowMillis, newestMillis, FINE_ANSWER_MILLIS);
        List<EdgeSum> sums = new ArrayList<>(rows.size());
        for (Row row : rows.values()) {
            EdgeKey key = row.key;
            if (key != null && (window.live() || row.firstSeenMillis < window.endMillis())) {
                sums.add(sum(key, row, window, nowMillis));
            }
        }
        return sums;
    }

    private static EdgeSum sum(EdgeKey key, Row row, Window window, long nowMillis) {
        Counts counts = new Counts();
        long until = window.live() ? Long.MAX_VALUE : window.endMillis();
        series(row, window).sum(window.startMillis(), until, counts);
        return new EdgeSum(
                key,
                counts,
                window.seconds(row.firstSeenMillis, row.lastSeenMillis),
                row.recordsTotal - (window.live() ? 0 : recordsAfter(row, window, nowMillis)),
                row.firstSeenMillis,
                window.live() ? row.lastSeenMillis : Math.min(row.lastSeenMillis, window.endMillis()),
                row.plaintextMillis >= window.startMillis(),
                row.mechanism,
                row.clients,
                row.others);
    }

    private static ChunkSeries series(Row row, Window window) {
        return window.grid() == Grid.FINE ? row.fine : row.coarse;
    }

    /** Coarse counts are complete up to an hour ago, and fine ones since then. */
    private static long recordsAfter(Row row, Window window, long nowMillis) {
        Counts after = new Counts();
        long fineFrom = window.endMillis();
        if (window.grid() == Grid.COARSE) {
            fineFrom = Grid.COARSE.slotStart(nowMillis - Moment.WINDOW_MILLIS_MAX);
            row.coarse.sum(window.endMillis(), fineFrom, after);
        }
        row.fine.sum(fineFrom, Long.MAX_VALUE, after);
        return after.records();
    }
}
