package dev.weir.canary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All epochs of one canary, and which keys have been handed over. Immutable; any thread. Two proxies with the same table say the same
 * of every record.
 */
public final class EpochTable {
    /** Before the first change: everything is the stable side's. */
    public static final EpochTable EMPTY = new EpochTable(List.of(), Map.of());

    private final List<Epoch> epochs;
    private final Map<PartitionRef, Set<Long>> handedOver;
    private final Map<PartitionRef, Ownership> ownerships = new ConcurrentHashMap<>();

    private EpochTable(List<Epoch> epochs, Map<PartitionRef, Set<Long>> handedOver) {
        this.epochs = List.copyOf(epochs);
        this.handedOver = Map.copyOf(handedOver);
    }

    /**
     * With one more epoch.
     *
     * @throws IllegalArgumentException when its number is not above the last
     */
    public EpochTable with(Epoch epoch) {
        if (epoch.number() <= lastNumber()) {
            throw new IllegalArgumentException("epoch " + epoch.number() + " after epoch " + lastNumber());
        }
        List<Epoch> more = new ArrayList<>(epochs);
        more.add(epoch);
        return new EpochTable(more, handedOver);
    }

    /** With the keys that moved in an epoch handed over in a partition: nobody waits for them there any more. */
    public EpochTable handedOver(long epoch, PartitionRef partition) {
        Map<PartitionRef, Set<Long>> more = new HashMap<>(handedOver);
        Set<Long> there = new HashSet<>(more.getOrDefault(partition, Set.of()));
        there.add(epoch);
        more.put(partition, Set.copyOf(there));
        return new EpochTable(epochs, more);
    }

    /** The epochs, oldest first. */
    public List<Epoch> epochs() {
        return epochs;
    }

    /** The partitions that any epoch has a fence in. */
    public Set<PartitionRef> partitions() {
        Set<PartitionRef> all = new TreeSet<>();
        epochs.forEach(epoch -> all.addAll(epoch.fences().keySet()));
        return all;
    }

    /** The number of the last epoch; 0 before the first. */
    public long lastNumber() {
        return epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).number();
    }

    /** The weight that new records have. */
    public Weight weight() {
        return epochs.isEmpty() ? Weight.NONE : epochs.get(epochs.size() - 1).weight();
    }

    /** Who owns what in one partition. */
    public Ownership of(PartitionRef partition) {
        return ownerships.computeIfAbsent(
                partition, asked -> Ownership.of(asked, epochs, handedOver.getOrDefault(asked, Set.of())));
    }
}
