package dev.weir.topology.edge;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Flow;
import dev.weir.topology.history.Chunk;
import dev.weir.topology.history.Grid;
import dev.weir.topology.state.v1.EdgeRecord;
import dev.weir.topology.state.v1.Slots;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts the flows of one partition by edge and time.
 *
 * <p>Edges live as objects here; each report is put to the store with what it changed, so that a commit at any moment has
 * both the counts and which reports are in them. The store's cache makes one changelog record of many. Once a second the
 * edges that have changed are forwarded, those that wait longest first, at most {@link #FORWARDED_MAX} of them.
 */
final class EdgeProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Duration FORWARD_EVERY = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
    private static final int FORWARDED_MAX = 3_000;
    /** After a chunk's end, before it goes to history the first time; what is later goes there again. */
    private static final long FOLD_AFTER_MILLIS = 10_000;

    private static final long EDGE_KEEP_MILLIS = 25 * 3_600_000L;
    private static final long HOUR_KEEP_MILLIS = 2 * Grid.COARSE.chunkMillis();

    private final Census census;
    private final ReportCounts counts;
    private final Map<EdgeKey, EdgeState> edges = new HashMap<>();
    private final Set<EdgeState> changed = new LinkedHashSet<>();
    private final ClientReports clients = new ClientReports();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> edgeStore;
    private KeyValueStore<byte[], byte[]> hourStore;

    @SuppressWarnings("NullAway.Init") // Streams calls init first
    EdgeProcessor(Census census, ReportCounts counts) {
        this.census = census;
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        edgeStore = context.getStateStore(EdgePart.EDGES);
        hourStore = context.getStateStore(EdgePart.HOURS);
        try (KeyValueIterator<byte[], byte[]> stored = edgeStore.all()) {
            while (stored.hasNext()) {
                restore(stored.next());
            }
        }
        context.schedule(FORWARD_EVERY, PunctuationType.WALL_CLOCK_TIME, this::forward);
        context.schedule(SWEEP_EVERY, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    private void restore(KeyValue<byte[], byte[]> stored) {
        try {
            EdgeState edge = new EdgeState(dev.weir.topology.state.v1.EdgeState.parseFrom(stored.value));
            edges.put(edge.key(), edge);
            census.add(edge.id(), edge.key());
            changed.add(edge);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an edge that was written by this program", e);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> report) {
        Flow flow;
        try {
            flow = Flow.parseFrom(report.value());
        } catch (InvalidProtocolBufferException e) {
            counts.malformed();
            return;
        }
        // a clock that is ahead would make all that is right late
        long to = Math.min(flow.getHeader().getToMillis(), context.currentSystemTimeMs());
        long from = Math.min(flow.getHeader().getFromMillis(), to);
        EdgeKey key = EdgeKey.of(flow);
        EdgeState edge = edges.get(key);
        long id = edge == null ? key.id() : edge.id();
        if (edge == null) {
            edge = begin(key, id, from);
        }
        switch (edge.take(flow, from, to, id)) {
            case TAKEN -> {
                counts.taken();
                edgeStore.put(storeKey(edge.id()), edge.toStored());
                changed.add(edge);
                clients.seen(flow.getHeader().getCluster(), flow.getClient(), to);
            }
            case DUPLICATE -> counts.duplicate();
            case LATE -> counts.late();
        }
    }

    private EdgeState begin(EdgeKey key, long id, long millis) {
        if (census.admit(id, key)) {
            EdgeState edge = new EdgeState(key, id, millis);
            edges.put(key, edge);
            return edge;
        }
        EdgeKey other = EdgeKey.other(key.produce(), context.taskId().partition());
        return edges.computeIfAbsent(other, absent -> new EdgeState(other, other.id(), millis));
    }

    private void forward(long nowMillis) {
        Iterator<EdgeState> waiting = changed.iterator();
        for (int i = 0; i < FORWARDED_MAX && waiting.hasNext(); i++) {
            EdgeState edge = waiting.next();
            waiting.remove();
            for (EdgeRecord record : edge.changedRecords()) {
                forward(
                        Hash64.key(RecordKind.EDGE, edge.id(), record.getSlots().getStartMillis()),
                        record.toByteArray(),
                        nowMillis);
            }
        }
        clients.changed(nowMillis)
                .forEach((hash, client) ->
                        forward(Hash64.key(RecordKind.CLIENT, hash), client.toByteArray(), nowMillis));
    }

    private void forward(byte[] key, byte[] value, long nowMillis) {
        context.forward(new Record<>(key, value, nowMillis));
    }

    private void sweep(long nowMillis) {
        List<EdgeState> old = new ArrayList<>();
        for (EdgeState edge : edges.values()) {
            edge.fold(nowMillis - FOLD_AFTER_MILLIS).forEach(chunk -> fold(edge, chunk, nowMillis));
            if (edge.lastSeenMillis() < nowMillis - EDGE_KEEP_MILLIS) {
                old.add(edge);
            }
        }
        old.forEach(edge -> forget(edge, nowMillis));
        dropHours(nowMillis - HOUR_KEEP_MILLIS);
    }

    /** Puts five minutes into their hour; doing it again changes nothing. */
    private void fold(EdgeState edge, Chunk chunk, long nowMillis) {
        long start = Grid.COARSE.chunkStart(chunk.startMillis());
        byte[] key = ByteBuffer.allocate(16).putLong(start).putLong(edge.id()).array();
        byte[] stored = hourStore.get(key);
        Chunk hour;
        try {
            hour = stored == null ? new Chunk(Grid.COARSE, start) : Chunk.of(Grid.COARSE, Slots.parseFrom(stored));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an hour that was written by this program", e);
        }
        hour.replace(chunk);
        byte[] slots = hour.toMessage().toByteArray();
        hourStore.put(key, slots);
        forward(Hash64.key(RecordKind.EDGE_HOUR, edge.id(), start), slots, nowMillis);
    }

    private void forget(EdgeState edge, long nowMillis) {
        edges.remove(edge.key());
        changed.remove(edge);
        edgeStore.delete(storeKey(edge.id()));
        census.remove(edge.id(), edge.key());
        context.forward(
                new Record<>(Hash64.key(RecordKind.EDGE, edge.id(), edge.currentStartMillis()), null, nowMillis));
    }

    /** Hours that nothing is folded into any more; their keys begin with the time. */
    private void dropHours(long endedMillis) {
        List<byte[]> old = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> hours = hourStore.all()) {
            while (hours.hasNext()) {
                byte[] key = hours.next().key;
                if (ByteBuffer.wrap(key).getLong() + Grid.COARSE.chunkMillis() > endedMillis) {
                    break;
                }
                old.add(key);
            }
        }
        old.forEach(hourStore::delete);
    }

    private static byte[] storeKey(long id) {
        return ByteBuffer.allocate(8).putLong(id).array();
    }

    @Override
    public void close() {
        // the census keeps what another instance has now; the view says when it is gone
        edges.clear();
        changed.clear();
    }
}
