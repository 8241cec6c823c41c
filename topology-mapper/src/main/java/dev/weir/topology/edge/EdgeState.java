package dev.weir.topology.edge;

import com.google.protobuf.ByteString;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.mesh.report.v1.Header;
import dev.weir.topology.history.Chunk;
import dev.weir.topology.history.Grid;
import dev.weir.topology.state.v1.EdgeName;
import dev.weir.topology.state.v1.EdgeRecord;
import dev.weir.topology.stream.TakenReports;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One edge as its task keeps it: five minutes of counts that are written to, the five minutes before them for what comes
 * late, and which reports were taken. Of one thread.
 */
final class EdgeState {
    /** What is known of reports that are older than both chunks does not matter: they are late. */
    private static final long REPORTERS_KEEP_MILLIS = 2 * Grid.FINE.chunkMillis();

    private static final int CLIENTS_MAX = 16;
    /** Of an other: enough bits to count tens of thousands of edges to a few percent (linear counting). */
    private static final int OTHERS_BITS = 16_384;

    enum Outcome {
        TAKEN,
        DUPLICATE,
        LATE
    }

    private final EdgeKey key;
    private final long id;
    private final EdgeName name;
    private final TakenReports taken;
    private final Set<Long> clients = new LinkedHashSet<>(2);
    private final BitSet others;
    private Chunk current;
    private @Nullable Chunk previous;
    /** Chunks that were changed since records were made of them. */
    private final Set<Chunk> changed = new LinkedHashSet<>(2);
    /** Chunks whose counts are not in the coarse history yet. */
    private final Set<Chunk> toFold = new LinkedHashSet<>(2);

    private long firstSeenMillis;
    private long lastSeenMillis;
    private long recordsTotal;
    private long plaintextMillis;
    private String mechanism = "";

    /** A new one, which a report of this time begins. */
    EdgeState(EdgeKey key, long id, long millis) {
        this.key = key;
        this.id = id;
        this.name = key.toMessage();
        this.taken = new TakenReports();
        this.others = new BitSet();
        this.current = new Chunk(Grid.FINE, Grid.FINE.chunkStart(millis));
        this.firstSeenMillis = millis;
    }

    EdgeState(dev.weir.topology.state.v1.EdgeState stored) {
        EdgeRecord edge = stored.getEdge();
        name = edge.getName();
        key = EdgeKey.of(name);
        id = key.id();
        taken = TakenReports.of(stored.getSeen());
        clients.addAll(edge.getClientsList());
        others = BitSet.valueOf(stored.getOthers().toByteArray());
        current = Chunk.of(Grid.FINE, edge.getSlots());
        if (stored.hasPrevious()) {
            previous = Chunk.of(Grid.FINE, stored.getPrevious());
            toFold.add(previous);
            changed.add(previous);
        }
        toFold.add(current);
        changed.add(current);
        firstSeenMillis = edge.getFirstSeenMillis();
        lastSeenMillis = edge.getLastSeenMillis();
        recordsTotal = edge.getRecordsTotal();
        plaintextMillis = edge.getPlaintextMillis();
        mechanism = edge.getMechanism();
    }

    EdgeKey key() {
        return key;
    }

    long id() {
        return id;
    }

    long lastSeenMillis() {
        return lastSeenMillis;
    }

    /**
     * Counts a report into the slots of its time, in proportion: else a round that is at the edge of a window would be in
     * it or not as a whole.
     *
     * @param from beginning of the time that it is about, not in the future
     * @param flowId of the edge that it would be, for an other
     */
    Outcome take(Flow flow, long from, long to, long flowId) {
        long middle = from + (to - from) / 2;
        Chunk chunk = chunkOf(middle);
        if (chunk == null) {
            return Outcome.LATE;
        }
        Header header = flow.getHeader();
        long reporter = TakenReports.reporter(header, flow.getClient());
        if (!taken.take(key.other() ? reporter ^ flowId : reporter, header)) {
            return Outcome.DUPLICATE;
        }
        spread(flow, from, to);
        describe(flow, from, to);
        if (key.other()) {
            others.set((int) Math.floorMod(flowId, (long) OTHERS_BITS));
        }
        return Outcome.TAKEN;
    }

    private void spread(Flow flow, long from, long to) {
        long parts = Math.max(1, to - from);
        long counted = 0;
        while (counted < parts) {
            long at = from + counted;
            long next = Math.min(parts, Grid.FINE.slotStart(at) + Grid.FINE.stepMillis() - from);
            Chunk chunk = chunkOf(at);
            // what is too old for a slot of its own is in the first that is open
            Chunk oldest = previous == null ? current : previous;
            Chunk open = chunk == null ? oldest : chunk;
            open.at(Math.max(at, open.startMillis())).add(flow, counted, next, parts);
            changed.add(open);
            toFold.add(open);
            counted = next;
        }
    }

    /** The chunk of a time, begun when it is needed; null when that time is closed. */
    private @Nullable Chunk chunkOf(long millis) {
        long start = Grid.FINE.chunkStart(millis);
        if (start > current.startMillis()) {
            boolean next = start == current.endMillis();
            previous = next ? current : null;
            current = new Chunk(Grid.FINE, start);
            taken.dropBefore(start - REPORTERS_KEEP_MILLIS);
            return current;
        }
        if (start == current.startMillis()) {
            return current;
        }
        if (start + Grid.FINE.chunkMillis() < current.startMillis()) {
            return null;
        }
        Chunk before = previous;
        if (before == null) {
            before = new Chunk(Grid.FINE, start);
            previous = before;
        }
        return before;
    }

    private void describe(Flow flow, long from, long to) {
        Client client = flow.getClient();
        firstSeenMillis = Math.min(firstSeenMillis, from);
        lastSeenMillis = Math.max(lastSeenMillis, to);
        recordsTotal += flow.getRecords();
        if (!client.getTls()) {
            plaintextMillis = Math.max(plaintextMillis, to);
        }
        mechanism = client.getMechanism();
        if (!key.produce() && key.group().isEmpty() && !key.other() && clients.size() < CLIENTS_MAX) {
            clients.add(EdgeKey.clientHash(key.cluster(), client));
        }
    }

    /** Chunks that were changed since they were folded, and ended before a time. They count as folded from now on. */
    Set<Chunk> fold(long endedMillis) {
        Set<Chunk> ended = new LinkedHashSet<>(2);
        toFold.removeIf(chunk -> chunk.endMillis() <= endedMillis && ended.add(chunk));
        return ended;
    }

    /** A record for each chunk that was changed since this was asked last. */
    List<EdgeRecord> changedRecords() {
        List<EdgeRecord> records = changed.stream().map(this::record).toList();
        changed.clear();
        return records;
    }

    long currentStartMillis() {
        return current.startMillis();
    }

    private EdgeRecord record(Chunk chunk) {
        return EdgeRecord.newBuilder()
                .setName(name)
                .setFirstSeenMillis(firstSeenMillis)
                .setLastSeenMillis(lastSeenMillis)
                .setRecordsTotal(recordsTotal)
                .setPlaintextMillis(plaintextMillis)
                .setMechanism(mechanism)
                .addAllClients(clients)
                .setSlots(chunk.toMessage())
                .setOthers(countOthers())
                .build();
    }

    private long countOthers() {
        int set = others.cardinality();
        return set == 0 ? 0 : Math.round(OTHERS_BITS * -Math.log(1 - Math.min(set, OTHERS_BITS - 1.0) / OTHERS_BITS));
    }

    byte[] toStored() {
        dev.weir.topology.state.v1.EdgeState.Builder stored = dev.weir.topology.state.v1.EdgeState.newBuilder()
                .setEdge(record(current))
                .setSeen(taken.toMessage());
        Chunk before = previous;
        if (before != null) {
            stored.setPrevious(before.toMessage());
        }
        if (key.other()) {
            stored.setOthers(ByteString.copyFrom(others.toByteArray()));
        }
        return stored.build().toByteArray();
    }
}
