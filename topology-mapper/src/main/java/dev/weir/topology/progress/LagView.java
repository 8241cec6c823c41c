package dev.weir.topology.progress;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.weir.topology.coverage.CoverageView;
import dev.weir.topology.coverage.UnacknowledgedPart;
import dev.weir.topology.mesh.LagAnswers;
import dev.weir.topology.mesh.MembershipAnswers;
import dev.weir.topology.slo.SloAnswers;
import dev.weir.topology.state.v1.CoverageState;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.HistoryBlock;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.state.v1.SloBlock;
import dev.weir.topology.state.v1.UnacknowledgedState;
import dev.weir.topology.stream.RecordKind;
import dev.weir.topology.stream.ViewPart;
import dev.weir.topology.view.Coverage;
import dev.weir.topology.view.GroupLag;
import dev.weir.topology.view.Moment;
import dev.weir.topology.view.PolicyView.Objective;
import dev.weir.topology.view.SloView;
import dev.weir.topology.view.TopicView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lag of all groups, objectives and coverage, in memory. What depends on the time is computed when it is asked for, so
 * that lag grows while no record comes. Threads as {@link ViewPart} and {@link LagAnswers} say.
 */
public final class LagView implements ViewPart, LagAnswers {
    private static final long HISTORY_KEEP_MILLIS = 25L * 3_600_000;

    private final LagFigures figures;
    private final HistoryView history = new HistoryView();
    private final SloAnswers slos = new SloAnswers();
    private final CoverageView coverage;
    private final MembershipAnswers memberships;
    private final Map<String, PartitionState> partitions = new HashMap<>();
    /** The same by topic, by key in each. */
    private final Map<TopicKey, Map<String, PartitionState>> byTopic = new HashMap<>();

    private record TopicKey(String cluster, String topic) {}

    record GroupKey(String cluster, String group) {}

    public LagView(LagSettings settings, MembershipAnswers memberships, CoverageView coverage) {
        this.memberships = memberships;
        this.coverage = coverage;
        this.figures = new LagFigures(new StatusRules(settings));
    }

    @Override
    public Set<RecordKind> kinds() {
        return Set.of(RecordKind.PARTITION, RecordKind.LAG_HISTORY, RecordKind.SLO, RecordKind.COVERAGE);
    }

    @Override
    public void accept(RecordKind kind, byte[] key, byte @Nullable [] value) {
        String name = new String(key, StandardCharsets.ISO_8859_1);
        try {
            switch (kind) {
                case PARTITION -> acceptPartition(name, value == null ? null : PartitionState.parseFrom(value));
                case LAG_HISTORY -> history.put(name, value == null ? null : HistoryBlock.parseFrom(value));
                case SLO -> slos.put(name, value == null ? null : SloBlock.parseFrom(value));
                case COVERAGE -> acceptCoverage(name, key, value);
                default -> throw new IllegalArgumentException("lag has no records of kind " + kind);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a record of kind " + kind + " cannot be read", e);
        }
    }

    private void acceptPartition(String name, @Nullable PartitionState state) {
        PartitionState before = state == null ? partitions.remove(name) : partitions.put(name, state);
        if (state != null) {
            byTopic.computeIfAbsent(new TopicKey(state.getCluster(), state.getTopic()), absent -> new HashMap<>())
                    .put(name, state);
        } else if (before != null) {
            byTopic.computeIfPresent(new TopicKey(before.getCluster(), before.getTopic()), (topic, rest) -> {
                rest.remove(name);
                return rest.isEmpty() ? null : rest;
            });
        }
    }

    private void acceptCoverage(String name, byte[] key, byte @Nullable [] value)
            throws InvalidProtocolBufferException {
        if (UnacknowledgedPart.concerns(key)) {
            coverage.put(name, value == null ? null : UnacknowledgedState.parseFrom(value));
        } else {
            coverage.put(name, value == null ? null : CoverageState.parseFrom(value));
        }
    }

    @Override
    public void tick(long nowMillis) {
        history.forget(nowMillis - HISTORY_KEEP_MILLIS);
        slos.forget(nowMillis);
    }

    /** Reports that were left out because a limit was reached: about partitions, and about groups. */
    public long refused() {
        return partitions.values().stream()
                .mapToLong(state -> state.getPartitionsRefused() + state.getGroupsRefused())
                .sum();
    }

    /** All partitions, as they came. */
    public List<PartitionState> partitions() {
        return List.copyOf(partitions.values());
    }

    @Override
    public List<GroupLag> groups(Moment moment, long nowMillis) {
        List<GroupLag> groups = new ArrayList<>();
        byGroup()
                .forEach((key, rows) -> groups.add(
                        moment.at().isPresent()
                                ? past(key, rows, moment.at().getAsLong(), nowMillis)
                                : now(key, rows, nowMillis)));
        groups.removeIf(group -> group.partitions().isEmpty());
        groups.sort(Comparator.comparing(GroupLag::status)
                .thenComparingLong(GroupLag::lagMillis)
                .reversed()
                .thenComparing(GroupLag::cluster)
                .thenComparing(GroupLag::group));
        return groups;
    }

    private GroupLag now(GroupKey key, List<LagFigures.Row> rows, long nowMillis) {
        List<GroupLag.Member> members = memberships.members(key.cluster(), key.group(), nowMillis);
        long memberMillis = members.stream()
                .mapToLong(GroupLag.Member::lastSeenMillis)
                .max()
                .orElse(-1);
        List<GroupLag.PartitionLag> lags = new ArrayList<>();
        for (LagFigures.Row row : rows) {
            lags.add(figures.now(
                    row, coverage.topic(key.cluster(), row.partition().getTopic()), memberMillis, nowMillis));
        }
        GroupLag.Rebalances rebalances = memberships.rebalances(key.cluster(), key.group(), nowMillis);
        return group(key, rows, lags, members, rebalances, memberMillis, nowMillis);
    }

    private GroupLag past(GroupKey key, List<LagFigures.Row> rows, long atMillis, long nowMillis) {
        List<GroupLag.PartitionLag> lags = new ArrayList<>();
        for (LagFigures.Row row : rows) {
            HistoryView.Sample sample = history.at(row.partition(), key.group(), atMillis, nowMillis);
            if (sample != null) {
                lags.add(figures.past(row, sample));
            }
        }
        List<GroupLag.Member> members = memberships.members(key.cluster(), key.group(), atMillis);
        return group(key, rows, lags, members, GroupLag.Rebalances.UNKNOWN, -1, atMillis);
    }

    private GroupLag group(
            GroupKey key,
            List<LagFigures.Row> rows,
            List<GroupLag.PartitionLag> lags,
            List<GroupLag.Member> members,
            GroupLag.Rebalances rebalances,
            long memberMillis,
            long atMillis) {
        lags.sort(Comparator.comparing(GroupLag.PartitionLag::topic).thenComparing(GroupLag.PartitionLag::partition));
        boolean share = rows.stream().anyMatch(row -> row.group().getShare());
        String protocol = memberships.protocol(key.cluster(), key.group());
        if (protocol.isEmpty()) {
            protocol = share ? "SHARE" : coverage.protocol(key.cluster(), key.group());
        }
        return LagFigures.sum(
                key,
                services(key, rows),
                protocol,
                lags,
                members,
                rebalances,
                history.last(rows, atMillis),
                rows.stream().mapToLong(row -> row.group().getSeenMillis()).reduce(memberMillis, Math::max));
    }

    private List<String> services(GroupKey key, List<LagFigures.Row> rows) {
        List<String> known = memberships.services(key.cluster(), key.group());
        return known.isEmpty()
                ? rows.stream()
                        .map(row -> row.group().getClient().getService())
                        .filter(service -> !service.isEmpty())
                        .distinct()
                        .sorted()
                        .toList()
                : known;
    }

    private Map<GroupKey, List<LagFigures.Row>> byGroup() {
        Map<GroupKey, List<LagFigures.Row>> groups = new LinkedHashMap<>();
        for (PartitionState partition : partitions.values()) {
            for (GroupState group : partition.getGroupsList()) {
                groups.computeIfAbsent(
                                new GroupKey(partition.getCluster(), group.getGroup()), ignored -> new ArrayList<>())
                        .add(new LagFigures.Row(partition, group));
            }
        }
        return groups;
    }

    @Override
    public List<TopicView.Partition> partitions(String cluster, String topic, Moment moment, long nowMillis) {
        boolean compacted = coverage.compacted(cluster, topic);
        return byTopic.getOrDefault(new TopicKey(cluster, topic), Map.of()).values().stream()
                .map(state -> new TopicView.Partition(
                        state.getPartition(),
                        state.getLogStartOffset(),
                        state.getLastStableOffset(),
                        state.getEndOffset(),
                        state.getNewestAppendMillis(),
                        compacted || state.getGapsSeen()))
                .sorted(Comparator.comparingInt(TopicView.Partition::partition))
                .toList();
    }

    @Override
    public Coverage coverage(Moment moment, long nowMillis) {
        return coverage.coverage(nowMillis);
    }

    @Override
    public List<SloView> slos(List<Objective> objectives, Moment moment, long nowMillis) {
        Map<GroupKey, List<LagFigures.Row>> groups = byGroup();
        List<SloAnswers.Reader> readers = new ArrayList<>();
        groups.forEach((key, rows) -> {
            List<String> services = services(key, rows);
            rows.forEach(row -> readers.add(new SloAnswers.Reader(row.partition(), row.group(), services)));
        });
        long atMillis = moment.at().orElse(nowMillis);
        return objectives.stream()
                .map(objective -> slos.judge(objective, readers, atMillis))
                .toList();
    }
}
