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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lag of one side of a canary, without what it cannot own by the weights that a partition had. What its members have passed the topology leaves out
 * by itself; this is about the rest: partitions that no member of the side has read so far, as there is none, or as it waits.
 */
final class OwnLag {
    /** The bucket that is the canary's at every weight above 0. */
    private static final int FIRST_OF_CANARY = 0;

    private OwnLag() {}

    /**
     * Of a group of the canary's.
     *
     * @param state what the log says of the canary
     * @param weightMillis for how long its weight has been what it is, at most
     * @return the same, with the partitions that count
     */
    static GroupLag of(GroupLag group, CanaryState state, Side side, long weightMillis) {
        List<PartitionLag> own = group.partitions().stream()
                .map(partition -> owed(partition, state, side, weightMillis))
                .filter(Objects::nonNull)
                .toList();
        if (own.equals(group.partitions())) {
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

    /** What a side has to do in a partition; {@code null} for nothing. */
    private static @Nullable PartitionLag owed(
            PartitionLag partition, CanaryState state, Side side, long weightMillis) {
        Scope scope = state.scope();
        if (scope == null) {
            return side == Side.CANARY && state.lastEpoch() > 0 ? null : partition; // it has not begun, or is drained
        }
        int bucket = scope.topics().contains(partition.topic()) && !scope.isShadow()
                ? bucket(scope.buckets(), partition.partition(), side)
                : Buckets.BY_RECORD;
        if (bucket == Buckets.BY_RECORD || partition.endOffset() < 0) {
            return partition;
        }
        PartitionRef ref = new PartitionRef(partition.topic(), partition.partition());
        Ownership ownership = state.table().of(ref);
        long from = Math.max(partition.committedOffset(), side == Side.CANARY ? state.seed(ref) : 0);
        long first = ownership.firstOwned(side, from, bucket);
        if (first <= partition.committedOffset()) {
            return partition; // also where it has caught up: then it is known that it has nothing to do
        }
        if (first >= partition.endOffset()) {
            return null;
        }
        // of a whole partition, it was handed records of its own later than the weight came
        boolean whole = scope.buckets().bucketOfAll(partition.partition()) != Buckets.BY_RECORD;
        return given(partition, first, weightMillis, whole ? -1 : partition.fetchLagMillis());
    }

    /** That of all records of a partition, or else the one that is the side's before all others are. */
    private static int bucket(Buckets buckets, int partition, Side side) {
        int all = buckets.bucketOfAll(partition);
        return all == Buckets.BY_RECORD && side == Side.CANARY ? FIRST_OF_CANARY : all;
    }

    /** One that the side was given, and has committed nothing of yet: what is older than the weight was the other side's. */
    private static PartitionLag given(PartitionLag partition, long first, long weightMillis, long fetchLagMillis) {
        return new PartitionLag(
                partition.topic(),
                partition.partition(),
                partition.status(),
                partition.committedOffset(),
                partition.fetchOffset(),
                partition.endOffset(),
                partition.logStartOffset(),
                Math.min(partition.lagRecords(), partition.endOffset() - first),
                partition.offsetLag(),
                Math.min(partition.lagMillis(), weightMillis),
                fetchLagMillis,
                partition.headroomMillis(),
                partition.committedMillis(),
                partition.compacted(),
                partition.member(),
                partition.givenMillis());
    }
}
