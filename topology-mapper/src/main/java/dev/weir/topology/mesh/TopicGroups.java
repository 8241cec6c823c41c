package dev.weir.topology.mesh;

import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Groups as far as one topic is concerned. */
final class TopicGroups {

    private TopicGroups() {}

    /** The group with the partitions of this topic only, and its figures of those; empty where it does not read it. */
    static Optional<GroupLag> of(GroupLag group, String topic) {
        List<GroupLag.PartitionLag> partitions = group.partitions().stream()
                .filter(partition -> partition.topic().equals(topic))
                .toList();
        if (partitions.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new GroupLag(
                group.cluster(),
                group.group(),
                group.services(),
                group.protocol(),
                partitions.stream().map(GroupLag.PartitionLag::status).reduce(GroupStatus.UNKNOWN, GroupStatus::worse),
                sum(partitions, GroupLag.PartitionLag::lagRecords),
                sum(partitions, GroupLag.PartitionLag::offsetLag),
                max(partitions, GroupLag.PartitionLag::lagMillis),
                max(partitions, GroupLag.PartitionLag::fetchLagMillis),
                partitions.stream()
                        .mapToLong(GroupLag.PartitionLag::headroomMillis)
                        .filter(millis -> millis >= 0)
                        .min()
                        .orElse(-1),
                group.members(),
                group.rebalances(),
                partitions,
                group.history(),
                group.lastSeenMillis()));
    }

    private static long sum(List<GroupLag.PartitionLag> partitions, ToLongFunction<GroupLag.PartitionLag> figure) {
        long[] known = partitions.stream()
                .mapToLong(figure)
                .filter(value -> value >= 0)
                .toArray();
        return known.length == 0 ? -1 : Arrays.stream(known).sum();
    }

    private static long max(List<GroupLag.PartitionLag> partitions, ToLongFunction<GroupLag.PartitionLag> figure) {
        return partitions.stream().mapToLong(figure).max().orElse(-1);
    }
}
