package dev.weir.canary.change;

import dev.weir.canary.EpochTable;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Weight;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of one canary. Immutable.
 *
 * @param table who owns what
 * @param pending a change that has begun and not ended: nothing is served meanwhile
 * @param lastEpoch the highest number there was, given up or not
 * @param scope what it shares; {@code null} when it is not seeded
 * @param seeds where its group begins
 * @param raised whether it had a weight above 0 since it was seeded: both sides may still have to do with what it owns
 * @param note what the controller last said of it
 */
public record CanaryState(
        EpochTable table,
        ChangeEvent.@Nullable Prepared pending,
        long lastEpoch,
        @Nullable Scope scope,
        Map<PartitionRef, Long> seeds,
        boolean raised,
        Note note) {
    static final CanaryState NEW = new CanaryState(EpochTable.EMPTY, null, 0, null, Map.of(), false, Note.NONE);

    public CanaryState {
        seeds = Map.copyOf(seeds);
    }

    /** Whether it is known where the canary's group begins, so that members of it may come. */
    public boolean isSeeded() {
        return scope != null;
    }

    /** Whether a side has to come to a fence before the other may go on, or before the canary is at its end. */
    public boolean isWaitedFor() {
        return (raised && table.weight().equals(Weight.NONE))
                || table.partitions().stream()
                        .anyMatch(partition -> !table.of(partition).gates().isEmpty());
    }

    /** Where a member of the canary's group begins that finds nothing committed; 0 in a partition that was made later than the seeds. */
    public long seed(PartitionRef partition) {
        return seeds.getOrDefault(partition, 0L);
    }

    CanaryState apply(ChangeEvent.OfCanary event) {
        long last = Math.max(lastEpoch, event.epoch());
        if (event instanceof ChangeEvent.Seeded seeded) {
            return new CanaryState(table, pending, last, seeded.scope(), seeded.offsets(), false, note);
        }
        if (event instanceof ChangeEvent.Prepared prepared) {
            return new CanaryState(table, prepared, last, scope, seeds, raised, note);
        }
        if (event instanceof ChangeEvent.Committed committed) {
            boolean owns = committed.table().weight().compareTo(Weight.NONE) > 0;
            return new CanaryState(table.with(committed.table()), null, last, scope, seeds, raised || owns, note);
        }
        if (event instanceof ChangeEvent.HandedOver handed) {
            EpochTable next = table;
            for (var partition : handed.partitions()) {
                next = next.handedOver(handed.epoch(), partition);
            }
            return new CanaryState(next, pending, last, scope, seeds, raised, note);
        }
        if (event instanceof ChangeEvent.Noted noted) {
            return new CanaryState(table, pending, last, scope, seeds, raised, noted.note());
        }
        if (event instanceof ChangeEvent.Drained) {
            return new CanaryState(EpochTable.EMPTY, null, last, null, Map.of(), false, note);
        }
        return new CanaryState(table, null, last, scope, seeds, raised, note); // aborted
    }
}
