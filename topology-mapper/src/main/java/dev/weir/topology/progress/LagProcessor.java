package dev.weir.topology.progress;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.mesh.report.ReportKeys;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.slo.SloBlocks;
import dev.weir.topology.slo.SloTier;
import dev.weir.topology.state.v1.LedgerState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ReportCounts;
import dev.weir.topology.stream.StateTopic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the ledgers of one task in memory. A report is written to the inbox as it came and applied; about once a second
 * the ledgers that changed are written, and what is in the inbox is removed. So no ledger is written for each report, and
 * none is lost: what is left in the inbox after a crash is applied again, and the ledger knows what it had.
 *
 * <p>Records for the state topic are forwarded once a second, those of partitions that changed; counts of commit delays
 * every ten seconds.
 */
final class LagProcessor implements Processor<byte[], byte[], byte[], byte[]> {
    private static final Logger LOG = LoggerFactory.getLogger(LagProcessor.class);
    /** So that a report is shown soon after it came; each partition has its turn once a second. */
    private static final Duration TICK = Duration.ofMillis(200);

    private static final long TURN_MILLIS = 1_000;
    /** Less than proxies' rounds, as producers and consumers may use different ones, and are not to wait for each other. */
    private static final long FORWARD_MILLIS = 400;

    private static final long DELAYS_MILLIS = 10_000;
    private static final long CLEAN_MILLIS = 3_600_000;
    private static final int INBOX_MAX = 10_000;

    private final LagSettings settings;
    private final ReportCounts counts;
    private final Map<Bytes, Kept> ledgers = new LinkedHashMap<>();
    private final List<Bytes> inboxKeys = new ArrayList<>();
    private final SloBlocks delays;
    private @Nullable Stores stores;
    private long inboxed;
    private long refused;
    private long refusedForwarded;
    private long delaysMillis;
    private long cleanedMillis;
    private long refreshedMillis;

    private record Stores(
            ProcessorContext<byte[], byte[]> context,
            KeyValueStore<Bytes, byte[]> ledgers,
            KeyValueStore<Bytes, byte[]> inbox,
            KeyValueStore<Bytes, byte[]> delays) {}

    private static final class Kept {
        private final PartitionLedger ledger;
        private @Nullable PartitionState forwarded;
        private boolean stored = true;
        private long tickedMillis;

        Kept(PartitionLedger ledger) {
            this.ledger = ledger;
        }
    }

    LagProcessor(LagSettings settings, ReportCounts counts) {
        this.settings = settings;
        this.counts = counts;
        this.delays = new SloBlocks(this::storedBlock);
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        Stores opened = new Stores(
                context,
                context.getStateStore(LagPart.LEDGERS),
                context.getStateStore(LagPart.INBOX),
                context.getStateStore(LagPart.DELAYS));
        stores = opened;
        try (KeyValueIterator<Bytes, byte[]> all = opened.ledgers.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                restore(entry.key, entry.value);
            }
        }
        try (KeyValueIterator<Bytes, byte[]> all = opened.inbox.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                inboxKeys.add(entry.key);
                inboxed = Math.max(inboxed, ByteBuffer.wrap(entry.key.get()).getLong() + 1);
                // counted by whoever read it from the topic
                apply(entry.value, new ReportCounts());
            }
        }
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
    }

    private void restore(Bytes key, byte[] value) {
        try {
            ledgers.put(key, new Kept(PartitionLedger.of(LedgerState.parseFrom(value), settings)));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            LOG.atError().setCause(e).log("The state of a partition cannot be read, and begins anew");
        }
    }

    @Override
    public void process(Record<byte[], byte[]> report) {
        byte @Nullable [] value = report.value();
        if (value == null || !apply(value, counts)) {
            return;
        }
        Bytes key =
                Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(inboxed++).array());
        opened().inbox.put(key, value);
        inboxKeys.add(key);
    }

    /** False where there is nothing to keep. */
    private boolean apply(byte[] value, ReportCounts counted) {
        Progress progress;
        try {
            progress = Progress.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            LOG.atDebug().setCause(e).log("A progress report cannot be read and is left out");
            counted.malformed();
            return false;
        }
        String cluster = progress.getHeader().getCluster();
        Bytes key = Bytes.wrap(ReportKeys.progress(cluster, progress.getTopic(), progress.getPartition()));
        Kept kept = ledgers.get(key);
        if (kept == null) {
            if (ledgers.size() >= settings.partitionsMax()) {
                refused++;
                counted.refused();
                return false;
            }
            kept = new Kept(new PartitionLedger(cluster, progress.getTopic(), progress.getPartition(), settings));
            ledgers.put(key, kept);
        }
        switch (kept.ledger.apply(progress)) {
            case NEW -> counted.taken();
            case DUPLICATE -> counted.duplicate();
            case TOO_LATE -> counted.late();
        }
        kept.stored = false;
        return true;
    }

    private void tick(long nowMillis) {
        Stores opened = opened();
        boolean refresh = nowMillis - refreshedMillis > StateTopic.REFRESH_MILLIS;
        boolean all = true;
        for (Map.Entry<Bytes, Kept> entry : ledgers.entrySet()) {
            Kept kept = entry.getValue();
            long sinceMillis = nowMillis - kept.tickedMillis;
            if (refresh || sinceMillis >= (kept.stored ? TURN_MILLIS : FORWARD_MILLIS)) {
                kept.tickedMillis = nowMillis;
                tick(opened, entry.getKey(), kept, nowMillis, refresh);
            }
            all &= kept.stored;
        }
        if (all || inboxKeys.size() > INBOX_MAX) {
            emptyInbox(opened);
        }
        if (nowMillis - delaysMillis >= DELAYS_MILLIS) {
            delaysMillis = nowMillis;
            writeDelays(opened, nowMillis);
        }
        if (refresh || nowMillis - cleanedMillis > CLEAN_MILLIS) {
            cleanedMillis = nowMillis;
            cleanDelays(opened, nowMillis, refresh);
        }
        if (refused > refusedForwarded) {
            refusedForwarded = refused;
            forwardRefused(opened, nowMillis);
        }
        if (refresh) {
            refreshedMillis = nowMillis;
        }
    }

    private void emptyInbox(Stores opened) {
        ledgers.forEach((key, kept) -> store(opened, key, kept));
        inboxKeys.forEach(opened.inbox::delete);
        inboxKeys.clear();
    }

    private static void store(Stores opened, Bytes key, Kept kept) {
        if (!kept.stored) {
            opened.ledgers.put(key, kept.ledger.state().toByteArray());
            kept.stored = true;
        }
    }

    private void tick(Stores opened, Bytes key, Kept kept, long nowMillis, boolean refresh) {
        PartitionLedger ledger = kept.ledger;
        boolean changed = !ledger.quiet();
        PartitionState before = kept.forwarded;
        ledger.tick(nowMillis, delays.partition(ledger.cluster(), ledger.topic(), ledger.partition()));
        PartitionState state = ledger.snapshot();
        if (refresh || !state.equals(before)) {
            forward(opened, LagKeys.partition(key.get()), state.toByteArray(), nowMillis);
            kept.forwarded = state;
            changed = true;
        }
        if (ledger.history().takeChanged()) {
            forward(
                    opened,
                    LagKeys.history(ledger.history().block()),
                    ledger.history().block().toByteArray(),
                    nowMillis);
            changed = true;
        }
        kept.stored &= !changed;
        store(opened, key, kept);
    }

    private void writeDelays(Stores opened, long nowMillis) {
        for (SloBlock block : delays.takeChanged()) {
            byte[] key = LagKeys.slo(block);
            byte[] value = block.toByteArray();
            opened.delays.put(Bytes.wrap(key), value);
            forward(opened, key, value, nowMillis);
        }
    }

    /** Removes what is too old; what lives longer than records of the state topic is written again in time. */
    private static void cleanDelays(Stores opened, long nowMillis, boolean refresh) {
        List<Bytes> old = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = opened.delays.all()) {
            while (all.hasNext()) {
                KeyValue<Bytes, byte[]> entry = all.next();
                SloTier tier = SloTier.ofSlot(LagKeys.stepMillis(entry.key.get()));
                if (LagKeys.startMillis(entry.key.get()) + tier.blockMillis() + tier.keepMillis() < nowMillis) {
                    old.add(entry.key);
                } else if (refresh && tier.keepMillis() > StateTopic.REFRESH_MILLIS * 3) {
                    forward(opened, entry.key.get(), entry.value, nowMillis);
                }
            }
        }
        old.forEach(opened.delays::delete);
    }

    private void forwardRefused(Stores opened, long nowMillis) {
        LOG.atWarn()
                .addKeyValue("reports", refused)
                .addKeyValue("partitionsMax", settings.partitionsMax())
                .log("Reports about more partitions than the limit are left out");
        String task = opened.context.taskId().toString();
        PartitionState state =
                PartitionState.newBuilder().setPartitionsRefused(refused).build();
        forward(opened, LagKeys.partition(ReportKeys.progress("", task, 0)), state.toByteArray(), nowMillis);
    }

    private static void forward(Stores opened, byte[] key, byte[] value, long nowMillis) {
        opened.context.forward(new Record<>(key, value, nowMillis));
    }

    private @Nullable SloBlock storedBlock(SloBlocks.Key key) {
        byte[] reportKey = ReportKeys.progress(key.cluster(), key.topic(), key.partition());
        byte[] blockKey =
                LagKeys.block(RecordKind.SLO, key.startMillis(), key.tier().slotMillis(), reportKey);
        byte @Nullable [] value = opened().delays.get(Bytes.wrap(blockKey));
        try {
            return value == null ? null : SloBlock.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            LOG.atError().setCause(e).log("Counts of commit delays cannot be read, and begin anew");
            return null;
        }
    }

    private Stores opened() {
        Stores opened = stores;
        if (opened == null) {
            throw new IllegalStateException("the lag processor was not initialised");
        }
        return opened;
    }
}
