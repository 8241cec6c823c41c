package dev.weir.cli.mesh;

import dev.weir.canary.Buckets;
import dev.weir.canary.Ownership;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.change.CanaryState;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupLag.PartitionLag;
import java.util.List;

/**
 * The lag of one side of a canary that owns whole partitions, without the partitions in which it has nothing to do. Clients that commit no further
 * than the last record that they were given never commit there, and the group is late by what is the other side's.
 */
final class OwnLag {
    private OwnLag() {}

    /**
     * Of a group of the canary's.
     *
     * @param state what the log says of the canary
     * @return the same, with the partitions that count; of a canary that does not own whole partitions all of them
     */
    static GroupLag of(GroupLag group, CanaryState state, Side side) {
        List<PartitionLag> own = group.partitions().stream()
                .filter(partition -> owesAnything(partition, state, side))
                .toList();
        if (own.size() == group.partitions().size()) {
            return group;
        }
        return new GroupLag(
                group.cluster(),
                group.group(),
                group.services(),
                group.protocol(),
                group.status(),
                own.stream()
                        .mapToLong(PartitionLag::lagRecords)
                        .filter(lag -> lag > 0)
                        .sum(),
                own.stream()
                        .mapToLong(PartitionLag::offsetLag)
                        .filter(lag -> lag > 0)
                        .sum(),
                own.isEmpty()
                        ? 0
                        : own.stream().mapToLong(PartitionLag::lagMillis).max().getAsLong(),
                own.isEmpty()
                        ? 0
                        : own.stream()
                                .mapToLong(PartitionLag::fetchLagMillis)
                                .max()
                                .getAsLong(),
                group.headroomMillis(),
                group.members(),
                group.rebalances(),
                own,
                group.history(),
                group.lastSeenMillis());
    }

    private static boolean owesAnything(PartitionLag partition, CanaryState state, Side side) {
        Scope scope = state.scope();
        int bucket = scope == null || !scope.topics().contains(partition.topic())
                ? Buckets.BY_RECORD
                : scope.buckets().bucketOfAll(partition.partition());
        if (bucket == Buckets.BY_RECORD || partition.endOffset() < 0) {
            return true;
        }
        PartitionRef ref = new PartitionRef(partition.topic(), partition.partition());
        Ownership ownership = state.table().of(ref);
        long from = Math.max(partition.committedOffset(), side == Side.CANARY ? state.seed(ref) : 0);
        return ownership.firstOwned(side, from, bucket) < partition.endOffset();
    }
}
