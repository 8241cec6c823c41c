package dev.weir.canary.change;

import dev.weir.canary.Epoch;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Weight;
import dev.weir.canary.rollout.RolloutEvent;
import java.util.List;
import java.util.Map;

/**
 * What stands in the log of changes: one partition, written by one controller at a time, read by every proxy from its beginning and
 * in its order.
 */
public sealed interface ChangeEvent {
    /** An event about one canary. */
    sealed interface OfCanary extends ChangeEvent {
        /** Its name. */
        String canary();

        /** The number of the epoch that it is about; 0 for none. */
        long epoch();
    }

    /** From here on the controller waits for this proxy. */
    record Admitted(String proxy) implements ChangeEvent {}

    /** The controller does not wait for this proxy any more; it comes back under another name. */
    record Evicted(String proxy) implements ChangeEvent {}

    /** This proxy said that it serves nothing any more, and what it had served: nobody has to wait for the end of its lease. */
    record Left(String proxy) implements ChangeEvent {}

    /**
     * Proxies may serve for the length of a lease, counted from when they sent the beat that is answered here.
     *
     * @param beats the sequence number of the beat, for each proxy
     */
    record Granted(Map<String, Long> beats) implements ChangeEvent {
        public Granted {
            beats = Map.copyOf(beats);
        }
    }

    /**
     * The canary's group begins here, and shares this; written before its first weight above 0, in one transaction with the offsets that
     * are committed for it.
     *
     * @param offsets of all partitions that there were; none is beyond the fence of the first weight
     */
    record Seeded(String canary, Scope scope, Map<PartitionRef, Long> offsets) implements OfCanary {
        public Seeded {
            offsets = Map.copyOf(offsets);
        }

        /** Before any. */
        @Override
        public long epoch() {
            return 0;
        }
    }

    /** A change begins: whoever reads this answers no fetch of the canary's topics until the epoch is committed or aborted. */
    record Prepared(String canary, long epoch, Weight weight, Handover handover) implements OfCanary {}

    /** The change is done: the epoch holds. */
    record Committed(String canary, Epoch table) implements OfCanary {
        @Override
        public long epoch() {
            return table.number();
        }
    }

    /** The change is given up: all is as it was before it. */
    record Aborted(String canary, long epoch, String reason) implements OfCanary {}

    /** Keys that changed sides in the epoch are free to be served in these partitions. */
    record HandedOver(String canary, long epoch, List<PartitionRef> partitions) implements OfCanary {
        public HandedOver {
            partitions = List.copyOf(partitions);
        }
    }

    /** Which weights are wanted, and why. Proxies do not need it: what holds is told by the others. */
    record OfRollout(RolloutEvent event) implements ChangeEvent {}

    /**
     * The canary's weight is 0, and both sides are beyond the last fence: who owned what before does not matter any more, and the next weight above 0
     * needs seeds of its own.
     */
    record Drained(String canary, long epoch) implements OfCanary {}

    /** Something for people; nothing depends on it. */
    record Noted(String canary, Note note) implements OfCanary {
        /** None. */
        @Override
        public long epoch() {
            return 0;
        }
    }
}
