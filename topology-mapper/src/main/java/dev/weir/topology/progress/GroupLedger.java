package dev.weir.topology.progress;

import dev.weir.mesh.report.v1.Acknowledgement;
import dev.weir.mesh.report.v1.Client;
import dev.weir.mesh.report.v1.GroupOffset;
import dev.weir.mesh.report.v1.Position;
import dev.weir.topology.slo.CommitAccounts;
import dev.weir.topology.state.v1.GroupLedgerState;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.PendingAges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One group on one partition: what it committed and fetched. The latest by the proxies' clocks counts. */
final class GroupLedger {
    /** Clocks of proxies and brokers' questioner differ; what was told takes back a commit only when it is clearly later. */
    private static final long SKEW_MILLIS = 5_000;

    private static final int COMMITS_MAX = 256;
    private static final int INTERVALS = 8;
    private static final int LOTS_MAX = 16;

    private final GroupState.Builder seen;
    private final LagTrend trend;
    private final OthersOffsets others = new OthersOffsets();
    private final List<Commit> commits = new ArrayList<>();
    private final List<Long> intervals = new ArrayList<>();
    private long accounted = -1;
    private long knownMillis = -1;

    private record Commit(long offset, long millis) {}

    GroupLedger(String group, LagSettings settings) {
        this(
                GroupState.newBuilder()
                        .setGroup(group)
                        .setCommittedOffset(-1)
                        .setCommittedMillis(-1)
                        .setAdvancedMillis(-1)
                        .setFetchOffset(-1)
                        .setFetchedMillis(-1)
                        .setSeenMillis(-1)
                        .setRewoundMillis(-1)
                        .setRewoundFrom(-1)
                        .setPendingMillis(-1)
                        .setUnfetchedMillis(-1)
                        .setEndOffset(-1)
                        .setBrokerLag(-1)
                        .setUnacknowledgedOffset(-1)
                        .setKnownMillis(-1),
                settings);
    }

    private GroupLedger(GroupState.Builder seen, LagSettings settings) {
        this.seen = seen;
        this.trend = new LagTrend(settings.windowMillis());
    }

    String group() {
        return seen.getGroup();
    }

    long committed() {
        return seen.getCommittedOffset();
    }

    /** What it was seen to have read, whichever is further. */
    long reached() {
        return Math.max(seen.getCommittedOffset(), seen.getFetchOffset());
    }

    long touchedMillis() {
        return Math.max(seen.getSeenMillis(), seen.getCommittedMillis());
    }

    /** A proxy that has the group's traffic has told of everything up to a time. */
    void known(long untilMillis) {
        knownMillis = Math.max(knownMillis, untilMillis);
    }

    /**
     * Takes a commit, or what was told of one.
     *
     * @param observed by a proxy, not asked of the broker
     * @param end of the log at that time; -1 where that is not said
     */
    void commit(GroupOffset offset, boolean observed, long end) {
        if (offset.getCommittedOffset() < 0) {
            return;
        }
        long at = offset.getAtMillis();
        if (observed) {
            see(at, offset.getClient(), offset.getMember());
        }
        startAt(offset.getCommittedOffset());
        if (offset.getShare()) {
            // the start offset may stand still though all after it is acknowledged, until the broker writes it anew
            long lag = offset.hasShareLag() ? offset.getShareLag() : -1;
            seen.setShare(true).setBrokerLag(lag).setUnacknowledgedOffset(lag < 0 ? -1 : end - lag);
        }
        boolean told = offset.getFetched();
        if (!told || offset.getCommittedOffset() > seen.getCommittedOffset()) {
            queue(new Commit(offset.getCommittedOffset(), at));
        }
        long known = seen.getCommittedOffset();
        if (at < seen.getCommittedMillis()
                || (told && offset.getCommittedOffset() == known)
                || (told && offset.getCommittedOffset() < known && at < seen.getCommittedMillis() + SKEW_MILLIS)) {
            return;
        }
        move(known, offset.getCommittedOffset(), at);
    }

    /**
     * A member of a share group told what became of records. The group gets on, wherever its start offset is: that is
     * known from the broker alone, as are records that were acknowledged before anybody looked.
     */
    void acknowledge(Acknowledgement told) {
        long at = told.getAtMillis();
        see(at, told.getClient(), told.getMember());
        seen.setShare(true);
        if (told.getDoneCount() > 0) {
            seen.setAdvancedMillis(Math.max(at, seen.getAdvancedMillis()));
        }
    }

    private void move(long known, long committed, long at) {
        if (committed > known) {
            if (seen.getAdvancedMillis() >= 0) {
                remember(at - seen.getAdvancedMillis());
            }
            seen.setAdvancedMillis(at);
        }
        if (committed < known) {
            others.clear();
            seen.setRewoundFrom(Math.max(known, seen.getRewoundFrom())).setRewoundMillis(at);
        } else if (committed >= seen.getRewoundFrom()) {
            seen.setRewoundFrom(-1).setRewoundMillis(-1);
        }
        seen.setCommittedOffset(committed).setCommittedMillis(at);
    }

    private void remember(long intervalMillis) {
        intervals.add(intervalMillis);
        if (intervals.size() > INTERVALS) {
            intervals.remove(0);
        }
        // an idle topic is not a slow commit: one long pause among many commits does not count
        long[] sorted = intervals.stream().mapToLong(Long::longValue).sorted().toArray();
        seen.setCommitIntervalMillis(sorted[(sorted.length - 1) * 3 / 4]);
    }

    void position(Position position) {
        long at = position.getAtMillis();
        startAt(position.getFetchOffset());
        if (at >= seen.getFetchedMillis()) {
            long offset =
                    position.getDeliveredOffset() >= 0 ? position.getDeliveredOffset() : position.getFetchOffset();
            seen.setFetchOffset(Math.max(offset, position.getFetchOffset())).setFetchedMillis(at);
        }
        if (position.hasOthersFromOffset()
                && position.getOthersFromOffset() <= position.getDeliveredOffset()
                && at >= seen.getRewoundMillis()) {
            others.add(position.getOthersFromOffset(), position.getDeliveredOffset(), at, seen.getCommittedOffset());
        }
        see(at, position.getClient(), "");
    }

    private void see(long at, Client client, String member) {
        if (at >= seen.getSeenMillis()) {
            seen.setSeenMillis(at).setClient(client);
            if (!member.isEmpty()) {
                seen.setMember(member);
            }
        }
    }

    private void startAt(long offset) {
        if (accounted < 0 && offset >= 0) {
            accounted = offset;
        }
    }

    private void queue(Commit commit) {
        commits.add(commit);
        commits.sort(Comparator.comparingLong(Commit::millis).thenComparingLong(Commit::offset));
    }

    /** Accounts for commits of which all is known by now: other proxies have told of appends and of earlier commits. */
    void account(OffsetTimes times, long settledMillis, long logStart, CommitAccounts accounts) {
        boolean lost = logStart > accounted && accounted >= 0;
        while (!commits.isEmpty()
                && (lost || commits.get(0).millis() <= settledMillis || commits.size() > COMMITS_MAX)) {
            Commit commit = commits.remove(0);
            accountUpTo(commit.offset(), commit.millis(), times, accounts);
        }
        if (lost) {
            accountUpTo(logStart, CommitAccounts.NEVER, times, accounts);
        }
    }

    private void accountUpTo(long offset, long millis, OffsetTimes times, CommitAccounts accounts) {
        if (offset > accounted) {
            visit(
                    times,
                    accounted,
                    offset,
                    (end, records, from, to) -> accounts.committed(group(), end, records, from, to, millis));
            accounted = offset;
        }
    }

    boolean unaccounted() {
        return !commits.isEmpty();
    }

    /** Takes the figures anew. */
    void measure(OffsetTimes times, long logStart, long end, long nowMillis) {
        long committed = seen.getCommittedOffset();
        seen.setEndOffset(end).clearPending().clearGivenMillis();
        others.cut(times.end());
        others.forget(accounted < 0 ? committed : Math.min(committed, accounted));
        long from = others.after(Math.max(Math.max(committed, seen.getUnacknowledgedOffset()), logStart));
        boolean caughtUp = committed < 0 || from >= end || (seen.getShare() && seen.getBrokerLag() == 0);
        long since = caughtUp ? -1 : firstMillis(times, from, end, nowMillis);
        PendingAges.Builder unjudged = PendingAges.newBuilder();
        if (since < 0) {
            seen.setPendingMillis(-1).setPendingRecords(0).setKnownMillis(-1);
        } else {
            long records = seen.getShare() && seen.getBrokerLag() > 0 ? seen.getBrokerLag() : records(times, from, end);
            seen.setPendingMillis(since).setPendingRecords(records).setKnownMillis(knownMillis);
            long given = others.givenMillis(committed);
            if (given >= 0) {
                seen.setGivenMillis(given);
            }
            addPending(unjudged, times, from, end, nowMillis);
        }
        addUncounted(unjudged, times);
        seen.setPending(unjudged);
        long fetched = Math.max(Math.max(seen.getFetchOffset(), committed), logStart);
        seen.setUnfetchedMillis(reached() < 0 || fetched >= end ? -1 : times.firstMillis(fetched, end, nowMillis));
    }

    /** When the first data record at [from, end) that may be the group's own was appended; -1 when there is none. */
    private long firstMillis(OffsetTimes times, long from, long end, long nowMillis) {
        long[] found = {-1};
        others.rest(from, end, (first, last) -> {
            if (found[0] < 0) {
                found[0] = times.firstMillis(first, last, nowMillis);
            }
        });
        return found[0];
    }

    /** Shows the data at [from, end) that may be the group's own, oldest offsets first. */
    private void visit(OffsetTimes times, long from, long end, Segments.Visitor visitor) {
        others.rest(from, end, (first, last) -> times.visit(first, last, visitor));
    }

    private long records(OffsetTimes times, long from, long end) {
        long[] sum = {0};
        others.rest(from, end, (first, last) -> sum[0] += times.records(first, last));
        return sum[0];
    }

    /** The older, the coarser: a lot takes at most an eighth of its age, or a second. */
    private void addPending(PendingAges.Builder ages, OffsetTimes times, long from, long end, long nowMillis) {
        List<long[]> lots = new ArrayList<>();
        visit(times, from, end, (last, records, fromMillis, toMillis) -> {
            long[] before = lots.isEmpty() ? null : lots.get(lots.size() - 1);
            if (before != null && toMillis - before[0] <= Math.max(1_000, (nowMillis - toMillis) / 8)) {
                before[1] = Math.max(before[1], toMillis);
                before[2] += records;
            } else {
                lots.add(new long[] {fromMillis, toMillis, records});
            }
        });
        while (lots.size() > LOTS_MAX) {
            List<long[]> halved = new ArrayList<>();
            for (int i = 0; i < lots.size(); i += 2) {
                long[] one = lots.get(i);
                long[] next = i + 1 < lots.size() ? lots.get(i + 1) : new long[] {one[0], one[1], 0};
                halved.add(new long[] {Math.min(one[0], next[0]), Math.max(one[1], next[1]), one[2] + next[2]});
            }
            lots.clear();
            lots.addAll(halved);
        }
        lots.forEach(lot -> add(ages, lot, 0));
    }

    /** What is committed and not counted yet, so that no record is forgotten for the seconds between. */
    private void addUncounted(PendingAges.Builder ages, OffsetTimes times) {
        long from = accounted;
        for (Commit commit : commits) {
            if (from >= 0 && commit.offset() > from) {
                long[] lot = {Long.MAX_VALUE, -1, 0};
                visit(times, from, commit.offset(), (last, records, fromMillis, toMillis) -> {
                    lot[0] = Math.min(lot[0], fromMillis);
                    lot[1] = Math.max(lot[1], toMillis);
                    lot[2] += records;
                });
                if (lot[2] > 0) {
                    add(ages, lot, commit.millis());
                }
                from = commit.offset();
            }
        }
    }

    private static void add(PendingAges.Builder ages, long[] lot, long committedMillis) {
        ages.addFromMillis(lot[0]).addToMillis(lot[1]).addRecords(lot[2]).addCommittedMillis(committedMillis);
    }

    void sample(long nowMillis) {
        long since = seen.getPendingMillis();
        trend.sample(nowMillis, since < 0 ? 0 : Math.max(0, nowMillis - since));
        seen.setGrowing(since >= 0 && trend.grows(nowMillis));
    }

    GroupState snapshot() {
        return seen.build();
    }

    GroupLedgerState state() {
        GroupLedgerState.Builder state = GroupLedgerState.newBuilder()
                .setGroup(group())
                .setAccountedOffset(accounted)
                .addAllCommitIntervals(intervals)
                .setTrend(trend.state());
        others.save(state);
        commits.forEach(commit -> state.addCommitOffsets(commit.offset()).addCommitMillis(commit.millis()));
        return state.build();
    }

    static GroupLedger of(GroupState seen, GroupLedgerState state, LagSettings settings) {
        GroupLedger ledger = new GroupLedger(seen.toBuilder(), settings);
        ledger.accounted = state.getAccountedOffset();
        ledger.knownMillis = seen.getKnownMillis();
        ledger.intervals.addAll(state.getCommitIntervalsList());
        ledger.trend.restore(state.getTrend());
        ledger.others.restore(state);
        for (int i = 0; i < state.getCommitOffsetsCount(); i++) {
            ledger.commits.add(new Commit(state.getCommitOffsets(i), state.getCommitMillis(i)));
        }
        return ledger;
    }
}
