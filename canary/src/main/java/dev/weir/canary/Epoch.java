package dev.weir.canary;

import java.util.Map;

/**
 * From where on a weight holds.
 *
 * @param number counts up, with gaps where a change was given up
 * @param fences the offset from which on it holds, for each partition that there was when it began; one that was made later has it from 0 on
 */
public record Epoch(long number, Weight weight, Handover handover, Map<PartitionRef, Long> fences) {
    public Epoch {
        fences = Map.copyOf(fences);
    }

    /** The offset from which on it holds. */
    public long fence(PartitionRef partition) {
        return fences.getOrDefault(partition, 0L);
    }
}
