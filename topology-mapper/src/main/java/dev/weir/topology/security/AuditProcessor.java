package dev.weir.topology.security;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.v1.Audit;
import dev.weir.topology.state.v1.AuditRecord;
import dev.weir.topology.state.v1.AuditState;
import dev.weir.topology.stream.Hash64;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StateTopic;
import dev.weir.topology.stream.TakenReports;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Counts what is the same in all but number and time. Kept for a week after it was last seen; where there is too much of a
 * kind, what was not seen for longest gives way.
 */
final class AuditProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Duration FORWARD_EVERY = Duration.ofSeconds(1);
    private static final Duration SWEEP_EVERY = Duration.ofMinutes(10);
    /** Of each kind: a flood of failed log-ins takes no room from denials. */
    private static final int RECORDS_MAX = 2_000;

    private static final long KEEP_MILLIS = 7 * 24 * 3_600_000L;
    /** A report that comes again does so soon. */
    private static final long REPORTERS_KEEP_MILLIS = 600_000;

    private static final class Entry {
        private final AuditRecord.Builder record;
        private final TakenReports taken;

        Entry(AuditRecord.Builder record, TakenReports taken) {
            this.record = record;
            this.taken = taken;
        }

        int kind() {
            return record.getAudit().getKindValue();
        }
    }

    private final ReportCounts counts;
    private final Map<Long, Entry> entries = new HashMap<>();
    private final Map<Integer, Integer> entriesByKind = new HashMap<>();
    private final Set<Long> changed = new HashSet<>();
    private ProcessorContext<byte[], byte[]> context;
    private KeyValueStore<byte[], byte[]> store;
    private long refreshedMillis;

    @SuppressWarnings("NullAway.Init") // Streams calls init first
    AuditProcessor(ReportCounts counts) {
        this.counts = counts;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> processorContext) {
        context = processorContext;
        store = context.getStateStore(AuditPart.STORE);
        try (KeyValueIterator<byte[], byte[]> stored = store.all()) {
            stored.forEachRemaining(entry -> {
                Entry known = parse(entry.value);
                entries.put(ByteBuffer.wrap(entry.key).getLong(), known);
                entriesByKind.merge(known.kind(), 1, Integer::sum);
            });
        }
        changed.addAll(entries.keySet());
        refreshedMillis = context.currentSystemTimeMs();
        context.schedule(FORWARD_EVERY, PunctuationType.WALL_CLOCK_TIME, this::forward);
        context.schedule(SWEEP_EVERY, PunctuationType.WALL_CLOCK_TIME, this::sweep);
    }

    private static Entry parse(byte[] stored) {
        try {
            AuditState state = AuditState.parseFrom(stored);
            return new Entry(state.getRecord().toBuilder(), TakenReports.of(state.getSeen()));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an audit record that was written by this program", e);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> report) {
        Audit audit;
        try {
            audit = Audit.parseFrom(report.value());
        } catch (InvalidProtocolBufferException e) {
            counts.malformed();
            return;
        }
        long id = id(audit);
        Entry entry = entries.computeIfAbsent(id, absent -> {
            entriesByKind.merge(audit.getKindValue(), 1, Integer::sum);
            return begin(audit);
        });
        if (!entry.taken.take(TakenReports.reporter(audit.getHeader(), audit.getClient()), audit.getHeader())) {
            counts.duplicate();
            return;
        }
        counts.taken();
        AuditRecord.Builder record = entry.record;
        record.setCount(record.getCount() + audit.getCount())
                .setFirstSeenMillis(Math.min(record.getFirstSeenMillis(), audit.getFirstMillis()))
                .setLastSeenMillis(Math.max(record.getLastSeenMillis(), audit.getLastMillis()));
        store.put(
                storeKey(id),
                AuditState.newBuilder()
                        .setRecord(record)
                        .setSeen(entry.taken.toMessage())
                        .build()
                        .toByteArray());
        changed.add(id);
        if (entriesByKind.getOrDefault(entry.kind(), 0) > RECORDS_MAX) {
            dropOldest(entry.kind());
        }
    }

    private static long id(Audit audit) {
        return new Hash64()
                .add(audit.getHeader().getCluster())
                .add(audit.getKindValue())
                .add(audit.getClient())
                .add(audit.getResourceType())
                .add(audit.getResourceName())
                .add(audit.getOperation())
                .add(audit.getRule())
                .add(audit.getRuleAt())
                .add(audit.getPolicyRevision())
                .add(audit.getApi())
                .add(audit.getReason())
                .add(audit.getAuthor())
                .add(audit.getCertificateNotAfterMillis())
                .value();
    }

    private static Entry begin(Audit audit) {
        return new Entry(
                AuditRecord.newBuilder()
                        .setCluster(audit.getHeader().getCluster())
                        .setAudit(audit.toBuilder()
                                .clearHeader()
                                .clearCount()
                                .clearFirstMillis()
                                .clearLastMillis())
                        .setFirstSeenMillis(audit.getFirstMillis()),
                new TakenReports());
    }

    /** A tenth at once, as finding them costs. */
    private void dropOldest(int kind) {
        entries.entrySet().stream()
                .filter(entry -> entry.getValue().kind() == kind)
                .sorted(Comparator.comparingLong(
                        entry -> entry.getValue().record.getLastSeenMillis()))
                .limit(RECORDS_MAX / 10)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::forget);
    }

    private void forward(long nowMillis) {
        for (long id : changed) {
            Entry entry = entries.get(id);
            if (entry != null) {
                context.forward(new Record<>(
                        Hash64.key(RecordKind.AUDIT, id), entry.record.build().toByteArray(), nowMillis));
            }
        }
        changed.clear();
    }

    private void sweep(long nowMillis) {
        List<Long> old = entries.entrySet().stream()
                .filter(entry -> entry.getValue().record.getLastSeenMillis() < nowMillis - KEEP_MILLIS)
                .map(Map.Entry::getKey)
                .toList();
        old.forEach(this::forget);
        entries.values().forEach(entry -> entry.taken.dropBefore(nowMillis - REPORTERS_KEEP_MILLIS));
        if (nowMillis - refreshedMillis >= StateTopic.REFRESH_MILLIS) {
            refreshedMillis = nowMillis;
            changed.addAll(entries.keySet());
        }
    }

    private void forget(long id) {
        Entry gone = entries.remove(id);
        if (gone != null) {
            entriesByKind.merge(gone.kind(), -1, Integer::sum);
        }
        changed.remove(id);
        store.delete(storeKey(id));
        context.forward(new Record<>(Hash64.key(RecordKind.AUDIT, id), null, context.currentSystemTimeMs()));
    }

    private static byte[] storeKey(long id) {
        return ByteBuffer.allocate(8).putLong(id).array();
    }
}
