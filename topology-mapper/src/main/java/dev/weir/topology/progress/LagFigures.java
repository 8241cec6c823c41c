package dev.weir.topology.progress;

import dev.weir.topology.state.v1.CoverageState.TopicCoverage;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.GroupLag.PartitionLag;
import dev.weir.topology.view.GroupStatus;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Turns what is stored into what is shown at a moment. */
final class LagFigures {
    /** How long it takes until what a proxy saw is here: its round, and the way through Kafka twice. */
    static final long NEWS_MILLIS = 1_500;
    /** Who has not been heard of for so long does not read, or takes long for what it has. */
    private static final long SILENT_MILLIS = 10_000;

    private final StatusRules rules;

    LagFigures(StatusRules rules) {
        this.rules = rules;
    }

    /** A group on a partition. */
    record Row(PartitionState partition, GroupState group) {}

    PartitionLag now(Row row, @Nullable TopicCoverage topic, long memberMillis, long nowMillis) {
        PartitionState partition = row.partition();
        GroupState group = row.group();
        boolean committed = group.getCommittedOffset() >= 0;
        boolean reached = committed || group.getFetchOffset() >= 0;
        return new PartitionLag(
                partition.getTopic(),
                partition.getPartition(),
                rules.status(group, memberMillis, nowMillis),
                group.getCommittedOffset(),
                group.getFetchOffset(),
                group.getEndOffset(),
                partition.getLogStartOffset(),
                committed ? group.getPendingRecords() : -1,
                offsetLag(partition, group),
                committed ? lagMillis(group, nowMillis) : -1,
                reached ? ageMillis(group.getUnfetchedMillis(), asOfMillis(group, nowMillis)) : -1,
                headroomMillis(row, topic, nowMillis),
                group.getCommittedMillis(),
                partition.getGapsSeen() || (topic != null && topic.getCompacted()),
                group.getMember(),
                group.hasGivenMillis() ? ageMillis(group.getGivenMillis(), asOfMillis(group, nowMillis)) : -1);
    }

    private static long offsetLag(PartitionState partition, GroupState group) {
        if (group.getShare() && group.getBrokerLag() >= 0) {
            return group.getBrokerLag();
        }
        return group.getCommittedOffset() < 0 ? -1 : Math.max(0, partition.getEndOffset() - group.getCommittedOffset());
    }

    /** Time lag of a group that has committed something; 0 when nothing is pending. */
    static long lagMillis(GroupState group, long nowMillis) {
        return ageMillis(group.getPendingMillis(), asOfMillis(group, nowMillis));
    }

    /**
     * What a group commits is known a second or two later. Shown as of now, its lag would run ahead of the truth until
     * then; so it is shown as of when all was known, and where the group says nothing, as of when all would have come.
     * Of a group that has been silent for long, a commit on its way is not likely.
     */
    private static long asOfMillis(GroupState group, long nowMillis) {
        long knownMillis = group.getKnownMillis();
        return nowMillis - knownMillis < SILENT_MILLIS
                ? Math.min(nowMillis, Math.max(knownMillis, nowMillis - NEWS_MILLIS))
                : nowMillis;
    }

    private static long ageMillis(long sinceMillis, long nowMillis) {
        return sinceMillis < 0 ? 0 : Math.max(0, nowMillis - sinceMillis);
    }

    /** Retention deletes whole segments, by their newest record: at that time at the earliest. */
    private static long headroomMillis(Row row, @Nullable TopicCoverage topic, long nowMillis) {
        GroupState group = row.group();
        if (group.getPendingMillis() < 0 || topic == null || topic.getRetentionMillis() < 0) {
            return -1;
        }
        return group.getCommittedOffset() < row.partition().getLogStartOffset()
                ? 0
                : Math.max(0, group.getPendingMillis() + topic.getRetentionMillis() - nowMillis);
    }

    PartitionLag past(Row row, HistoryView.Sample sample) {
        long end = sample.committedOffset() < 0 ? -1 : sample.committedOffset() + sample.offsetLag();
        return new PartitionLag(
                row.partition().getTopic(),
                row.partition().getPartition(),
                sample.status(),
                sample.committedOffset(),
                -1,
                end,
                -1,
                sample.lagRecords(),
                sample.offsetLag(),
                sample.lagMillis(),
                -1,
                -1,
                -1,
                row.partition().getGapsSeen(),
                "",
                -1);
    }

    static GroupLag sum(
            LagView.GroupKey key,
            List<String> services,
            String protocol,
            List<PartitionLag> lags,
            List<GroupLag.Member> members,
            GroupLag.Rebalances rebalances,
            List<Long> history,
            long lastSeenMillis) {
        return new GroupLag(
                key.cluster(),
                key.group(),
                services,
                protocol,
                lags.stream().map(PartitionLag::status).reduce(GroupStatus.UNKNOWN, GroupStatus::worse),
                total(lags, PartitionLag::lagRecords),
                total(lags, PartitionLag::offsetLag),
                most(lags, PartitionLag::lagMillis),
                most(lags, PartitionLag::fetchLagMillis),
                lags.stream()
                        .mapToLong(PartitionLag::headroomMillis)
                        .filter(millis -> millis >= 0)
                        .min()
                        .orElse(-1),
                members,
                rebalances,
                lags,
                history,
                lastSeenMillis);
    }

    /** Of those that are known; -1 when none is. */
    private static long total(List<PartitionLag> lags, ToLongFunction<PartitionLag> figure) {
        return most(lags, figure) < 0
                ? -1
                : lags.stream().mapToLong(figure).filter(lag -> lag > 0).sum();
    }

    private static long most(List<PartitionLag> lags, ToLongFunction<PartitionLag> figure) {
        return lags.stream().mapToLong(figure).max().orElse(-1);
    }
}
