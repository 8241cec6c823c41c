package dev.weir.topology.slo;

import dev.weir.topology.state.v1.SloBlock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts how long after their append records were committed: for each partition and group, in slots by the time of the
 * append, in both {@link SloTier}s. Each block knows up to which offset it has counted, so that what is told again after
 * a crash is not counted again.
 */
public final class SloBlocks {
    private static final int PIECES_MAX = 8;

    private final Stored stored;
    private final Map<Key, SloCounts> open = new LinkedHashMap<>();

    /** Where blocks are that were written before. */
    public interface Stored {
        @Nullable
        SloBlock get(Key key);
    }

    /** One block. */
    public record Key(String cluster, String topic, int partition, SloTier tier, long startMillis) {}

    public SloBlocks(Stored stored) {
        this.stored = stored;
    }

    /** What counts for one partition. */
    public CommitAccounts partition(String cluster, String topic, int partition) {
        return (group, end, records, from, to, committed) -> {
            for (SloTier tier : SloTier.values()) {
                add(cluster, topic, partition, tier, group, new Lot(end, records, from, to, committed));
            }
        };
    }

    private record Lot(long end, long records, long fromMillis, long toMillis, long committedMillis) {
        int pieces() {
            return (int) Math.max(1, Math.min(Math.min(PIECES_MAX, records), (toMillis - fromMillis) / 500));
        }
    }

    /** Spread evenly over its time. */
    private void add(String cluster, String topic, int partition, SloTier tier, String group, Lot lot) {
        int pieces = lot.pieces();
        Key last = null;
        boolean taken = false;
        for (int i = 0; i < pieces; i++) {
            long millis = lot.fromMillis() + (lot.toMillis() - lot.fromMillis()) * (2L * i + 1) / (2L * pieces);
            Key key = new Key(cluster, topic, partition, tier, millis - millis % tier.blockMillis());
            SloCounts counts = open.computeIfAbsent(key, this::load);
            if (!key.equals(last)) {
                taken = counts.take(group, lot.end());
                last = key;
            }
            long records = lot.records() * (i + 1) / pieces - lot.records() * i / pieces;
            if (taken && records > 0) {
                int bucket = lot.committedMillis() == CommitAccounts.NEVER
                        ? DelayBuckets.NEVER
                        : DelayBuckets.of(lot.committedMillis() - millis);
                counts.add(group, (int) ((millis - key.startMillis()) / tier.slotMillis()), bucket, records);
            }
        }
    }

    private SloCounts load(Key key) {
        SloBlock block = stored.get(key);
        return new SloCounts(
                block != null
                        ? block
                        : SloBlock.newBuilder()
                                .setCluster(key.cluster())
                                .setTopic(key.topic())
                                .setPartition(key.partition())
                                .setStartMillis(key.startMillis())
                                .setSlotMillis(key.tier().slotMillis())
                                .build());
    }

    /** What was changed since this was asked last; it has to be stored before anything else is counted. */
    public List<SloBlock> takeChanged() {
        List<SloBlock> blocks = new ArrayList<>(open.size());
        open.values().forEach(counts -> blocks.add(counts.block()));
        open.clear();
        return blocks;
    }
}
