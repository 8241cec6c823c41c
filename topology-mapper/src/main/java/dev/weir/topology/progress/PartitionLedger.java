package dev.weir.topology.progress;

import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Append;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Header;
import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.mesh.report.v1.Span;
import dev.weir.topology.slo.CommitAccounts;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.LedgerState;
import dev.weir.topology.state.v1.PartitionState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one topic-partition and of the groups that read it. Fed with reports in whatever order they come,
 * and with the time once a second. Plain memory; one thread.
 *
 * <p>Lags, for each group: records are data records after its committed offset. A group reads up to the high watermark,
 * or up to the last stable offset while a transaction is open there and the group has not been seen beyond it. Records
 * that compaction took out count until somebody has read that they are gone.
 */
final class PartitionLedger {
    /** What begins with it in place of a proxy's name is what brokers said, not what proxies saw. */
    static final String BROKERS = "~";

    private static final int PROXY_RUNS_MAX = 64;
    private static final long STABLE_HOLDS_MILLIS = 90_000;
    private static final long THIN_MILLIS = 10_000;
    private static final long SEEN_STEP_MILLIS = 10_000;
    /** Reports of other proxies about the same second have come by then. */
    private static final long ACCOUNT_MILLIS = 4_000;

    private final LagSettings settings;
    private final String cluster;
    private final String topic;
    private final int partition;
    private final ReportSequences sequences;
    private final OffsetTimes times;
    private final LagHistory history;
    private final Map<String, GroupLedger> groups = new LinkedHashMap<>();
    private long logStart = -1;
    private long stable = -1;
    private long stableEnd = -1;
    private long stableMillis = -1;
    private long groupsRefused;
    private long tooLate;
    private long thinnedMillis;
    private boolean changed;

    PartitionLedger(String cluster, String topic, int partition, LagSettings settings) {
        this(
                cluster,
                topic,
                partition,
                settings,
                new ReportSequences(PROXY_RUNS_MAX),
                new OffsetTimes(settings.segmentsMax()),
                new LagHistory(cluster, topic, partition));
    }

    private PartitionLedger(
            String cluster,
            String topic,
            int partition,
            LagSettings settings,
            ReportSequences sequences,
            OffsetTimes times,
            LagHistory history) {
        this.cluster = cluster;
        this.topic = topic;
        this.partition = partition;
        this.settings = settings;
        this.sequences = sequences;
        this.times = times;
        this.history = history;
    }

    String cluster() {
        return cluster;
    }

    String topic() {
        return topic;
    }

    int partition() {
        return partition;
    }

    LagHistory history() {
        return history;
    }

    /** Takes a report; one that was taken before, or is too late to tell, changes nothing. Says which it was. */
    ReportSequences.Verdict apply(Progress progress) {
        Header header = progress.getHeader();
        ReportSequences.Verdict verdict = sequences.take(header);
        switch (verdict) {
            case DUPLICATE -> {
                return verdict;
            }
            case TOO_LATE -> {
                tooLate++;
                changed = true;
                return verdict;
            }
            case NEW -> changed = true;
        }
        boolean observed = !header.getProxy().startsWith(BROKERS);
        for (Append append : progress.getAppendsList()) {
            if (append.getEndOffset() > append.getFirstOffset() && append.getFirstOffset() >= 0) {
                times.append(
                        append.getFirstOffset(),
                        append.getEndOffset(),
                        append.getFromMillis(),
                        append.getToMillis(),
                        append.getTransactional());
            }
        }
        long atMillis = header.getToMillis();
        log(progress, atMillis, observed);
        for (Span span : progress.getSpansList()) {
            if (span.getAborted()) {
                times.aborted(span.getFirstOffset(), span.getEndOffset());
            } else {
                times.read(
                        span.getFirstOffset(),
                        span.getEndOffset(),
                        span.getControl() ? 0 : span.getRecords(),
                        span.getMaxTimestampMillis());
            }
        }
        for (GroupOffset offset : progress.getOffsetsList()) {
            GroupLedger group = group(offset.getGroup());
            if (group != null) {
                group.commit(offset, observed, progress.getHighWatermark());
                if (observed) {
                    group.known(atMillis);
                }
            }
        }
        for (Acknowledgement acknowledgement : progress.getAcknowledgementsList()) {
            GroupLedger group = group(acknowledgement.getGroup());
            if (group != null) {
                group.acknowledge(acknowledgement);
                group.known(atMillis);
            }
        }
        for (Position position : progress.getPositionsList()) {
            GroupLedger group = group(position.getGroup());
            if (group != null) {
                group.position(position);
                group.known(atMillis);
            }
        }
        return verdict;
    }

    private void log(Progress progress, long atMillis, boolean observed) {
        long end = Math.max(progress.getHighWatermark(), progress.getLogEndOffset());
        if (end >= 0) {
            if (!observed) {
                times.truncate(end, atMillis);
            }
            times.observeEnd(end, atMillis);
        }
        logStart = observed || progress.getLogStartOffset() < 0
                ? Math.max(logStart, progress.getLogStartOffset())
                : progress.getLogStartOffset();
        if (progress.getLastStableOffset() >= 0 && atMillis >= stableMillis) {
            stable = progress.getLastStableOffset();
            stableEnd = progress.getHighWatermark();
            stableMillis = atMillis;
        }
    }

    private @Nullable GroupLedger group(String name) {
        if (name.isEmpty()) {
            return null;
        }
        GroupLedger known = groups.get(name);
        if (known == null) {
            if (groups.size() >= settings.groupsMax()) {
                groupsRefused++;
                return null;
            }
            known = new GroupLedger(name, settings);
            groups.put(name, known);
        }
        return known;
    }

    /** Once a second: takes all figures anew, as of now. */
    void tick(long nowMillis, CommitAccounts accounts) {
        times.settleUntil(nowMillis - settings.settleMillis());
        long start = Math.max(0, logStart);
        groups.values().removeIf(group -> nowMillis - group.touchedMillis() > settings.keepGroupMillis());
        long unread = Long.MAX_VALUE;
        for (GroupLedger group : groups.values()) {
            group.account(times, nowMillis - ACCOUNT_MILLIS, start, accounts);
            group.measure(times, start, endFor(group, nowMillis), nowMillis);
            group.sample(nowMillis);
            unread = Math.min(unread, Math.max(0, group.committed()));
        }
        if (nowMillis - thinnedMillis > THIN_MILLIS || times.size() > settings.segmentsMax()) {
            times.thin(nowMillis, unread, start);
            thinnedMillis = nowMillis;
        }
        history.sample(nowMillis, this::snapshots, times.end(), new StatusRules(settings));
        changed = false;
    }

    /** Whether a tick could change more than ages. */
    boolean quiet() {
        return !changed && groups.values().stream().noneMatch(GroupLedger::unaccounted);
    }

    private long endFor(GroupLedger group, long nowMillis) {
        boolean open = stable >= 0 && stable < stableEnd && nowMillis - stableMillis < STABLE_HOLDS_MILLIS;
        return open && group.reached() <= stable ? stable : Math.max(0, times.end());
    }

    private List<GroupState> snapshots() {
        return groups.values().stream().map(GroupLedger::snapshot).toList();
    }

    /** As of the last tick. Equal to the one before unless something happened; signs of life come in steps of ten seconds. */
    PartitionState snapshot() {
        PartitionState.Builder state = seen();
        for (GroupLedger group : groups.values()) {
            GroupState exact = group.snapshot();
            state.addGroups(exact.toBuilder()
                    .setSeenMillis(step(exact.getSeenMillis()))
                    .setFetchedMillis(step(exact.getFetchedMillis())));
        }
        return state.build();
    }

    private PartitionState.Builder seen() {
        return PartitionState.newBuilder()
                .setCluster(cluster)
                .setTopic(topic)
                .setPartition(partition)
                .setLogStartOffset(logStart)
                .setLastStableOffset(stable)
                .setEndOffset(times.end())
                .setNewestAppendMillis(times.newestMillis())
                .setGapsSeen(times.gapsSeen())
                .setReportedRecords(times.reportedRecords())
                .setUnreportedRecords(times.unreportedRecords())
                .setGroupsRefused(groupsRefused)
                .setReportsTooLate(tooLate);
    }

    private static long step(long millis) {
        return millis < 0 ? millis : millis - millis % SEEN_STEP_MILLIS;
    }

    LedgerState state() {
        LedgerState.Builder state = LedgerState.newBuilder()
                .setSeen(seen().addAllGroups(snapshots()))
                .setStableEndOffset(stableEnd)
                .setStableMillis(stableMillis)
                .setSegments(times.state())
                .addAllReporters(sequences.state())
                .setHistory(history.block());
        groups.values().forEach(group -> state.addGroups(group.state()));
        return state.build();
    }

    static PartitionLedger of(LedgerState state, LagSettings settings) {
        PartitionState seen = state.getSeen();
        PartitionLedger ledger = new PartitionLedger(
                seen.getCluster(),
                seen.getTopic(),
                seen.getPartition(),
                settings,
                ReportSequences.of(state.getReportersList(), PROXY_RUNS_MAX),
                OffsetTimes.of(state.getSegments(), settings.segmentsMax()),
                LagHistory.of(state.getHistory()));
        ledger.logStart = seen.getLogStartOffset();
        ledger.stable = seen.getLastStableOffset();
        ledger.stableEnd = state.getStableEndOffset();
        ledger.stableMillis = state.getStableMillis();
        ledger.groupsRefused = seen.getGroupsRefused();
        ledger.tooLate = seen.getReportsTooLate();
        List<GroupState> groups = new ArrayList<>(seen.getGroupsList());
        for (int i = 0; i < Math.min(groups.size(), state.getGroupsCount()); i++) {
            GroupLedger group = GroupLedger.of(groups.get(i), state.getGroups(i), settings);
            ledger.groups.put(group.group(), group);
        }
        ledger.changed = true;
        return ledger;
    }
}
