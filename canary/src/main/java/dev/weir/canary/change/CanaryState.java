package dev.weir.canary.change;

import dev.weir.canary.EpochTable;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of one canary. Immutable.
 *
 * @param table who owns what
 * @param pending a change that has begun and not ended: nothing is served meanwhile
 * @param lastEpoch the highest number there was, given up or not
 */
public record CanaryState(EpochTable table, ChangeEvent.@Nullable Prepared pending, long lastEpoch) {
    static final CanaryState NEW = new CanaryState(EpochTable.EMPTY, null, 0);

    CanaryState apply(ChangeEvent.OfCanary event) {
        long last = Math.max(lastEpoch, event.epoch());
        if (event instanceof ChangeEvent.Prepared prepared) {
            return new CanaryState(table, prepared, last);
        }
        if (event instanceof ChangeEvent.Committed committed) {
            return new CanaryState(table.with(committed.table()), null, last);
        }
        if (event instanceof ChangeEvent.HandedOver handed) {
            EpochTable next = table;
            for (var partition : handed.partitions()) {
                next = next.handedOver(handed.epoch(), partition);
            }
            return new CanaryState(next, pending, last);
        }
        return new CanaryState(table, null, last); // aborted
    }
}
