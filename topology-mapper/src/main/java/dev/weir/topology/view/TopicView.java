package dev.weir.topology.view;

import java.util.List;

/**
 * One topic of one cluster: its node, its edges and the groups that read it, with the partitions of this topic only.
 *
 * @param partitions known of it
 */
public record TopicView(Node node, List<Edge> edges, List<GroupLag> groups, List<Partition> partitions) {

    public TopicView {
        edges = List.copyOf(edges);
        groups = List.copyOf(groups);
        partitions = List.copyOf(partitions);
    }

    /** Offsets of one partition; -1 where one is not known. */
    public record Partition(
            int partition,
            long logStartOffset,
            long lastStableOffset,
            long highWatermark,
            long newestAppendMillis,
            boolean compacted) {}
}
