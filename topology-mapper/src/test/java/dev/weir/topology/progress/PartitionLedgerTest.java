package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.slo.CommitAccounts;
import dev.weir.topology.state.v1.GroupState;
import dev.weir.topology.state.v1.PartitionState;
import dev.weir.topology.view.GroupStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartitionLedgerTest {
    private static final long T = 1_700_000_000_000L;
    private static final LagSettings SETTINGS = LagSettings.DEFAULT;
    private static final CommitAccounts NOBODY = (group, end, records, from, to, committed) -> {};

    private final PartitionLedger ledger = new PartitionLedger(Reports.CLUSTER, Reports.TOPIC, 0, SETTINGS);
    private final Reports a = new Reports("proxy-a");
    private final Reports b = new Reports("proxy-b");
    private final StatusRules rules = new StatusRules(SETTINGS);

    private GroupState group(long nowMillis) {
        ledger.tick(nowMillis, NOBODY);
        return ledger.snapshot().getGroups(0);
    }

    private GroupStatus status(long nowMillis) {
        return rules.status(group(nowMillis), -1, nowMillis);
    }

    @Test
    void aGroupThatHasCaughtUpOnAnIdleTopicHasNoLagForEver() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.commit("g", 100, T + 500));

        for (long now : new long[] {T + 1_000, T + 60_000, T + 86_400_000L}) {
            GroupState group = group(now);
            assertThat(group.getPendingMillis()).isEqualTo(-1);
            assertThat(group.getPendingRecords()).isZero();
            assertThat(rules.status(group, -1, now)).isEqualTo(GroupStatus.OK);
        }
    }

    @Test
    void lagIsTheAgeOfTheFirstUncommittedRecord() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(a.append(100, 200, T + 10_000, false));
        ledger.apply(b.commit("g", 100, T + 11_000));

        assertThat(group(T + 12_000).getPendingMillis()).isEqualTo(T + 10_000);
        assertThat(group(T + 12_000).getPendingRecords()).isEqualTo(100);
    }

    @Test
    void theEndOfATransactionIsNotLag() {
        ledger.apply(a.append(0, 100, T, true));
        ledger.apply(b.fetch("g", 0, 100, 101, 101, T + 200));
        ledger.apply(b.commit("g", 100, T + 500));

        GroupState group = group(T + 60_000);
        assertThat(group.getPendingMillis()).isEqualTo(-1);
        assertThat(ledger.snapshot().getEndOffset() - group.getCommittedOffset())
                .as("what Kafka's own tools show")
                .isEqualTo(1);
    }

    @Test
    void anOpenTransactionHoldsNobodyResponsibleWhoCannotReadIt() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.commit("g", 100, T + 100));
        ledger.apply(a.append(100, 150, T + 1_000, true));
        ledger.apply(b.fetch("g", 100, 100, 150, 100, T + 30_000));

        assertThat(group(T + 30_000).getPendingMillis()).isEqualTo(-1);

        ledger.apply(b.fetch("g", 100, 150, 151, 151, T + 31_000));
        assertThat(group(T + 31_000).getPendingMillis()).isEqualTo(T + 1_000);
    }

    @Test
    void anyOrderAndAnyDuplicatesGiveTheSame() {
        Random random = new Random(7);
        for (int run = 0; run < 50; run++) {
            List<Progress> reports = new ArrayList<>();
            Reports one = new Reports("one");
            Reports two = new Reports("two");
            long offset = 0;
            for (int i = 0; i < 30; i++) {
                Reports proxy = random.nextBoolean() ? one : two;
                long end = offset + 1 + random.nextInt(50);
                reports.add(proxy.append(offset, end, T + i * 1_500L, false));
                if (random.nextBoolean()) {
                    reports.add(two.commit("g", random.nextLong(offset + 1), T + i * 1_500L + 700));
                }
                offset = end;
            }
            reports.add(two.commit("g", offset / 2, T + 60_000));
            PartitionState expected = run(reports);
            List<Progress> mixed = new ArrayList<>(reports);
            mixed.addAll(reports.subList(10, 20));
            Collections.shuffle(mixed, random);

            PartitionState state = run(mixed);

            GroupState group = state.getGroups(0);
            GroupState wanted = expected.getGroups(0);
            assertThat(group.getCommittedOffset()).isEqualTo(offset / 2);
            assertThat(group.getPendingRecords()).isEqualTo(offset - offset / 2);
            assertThat(Math.abs(group.getPendingMillis() - wanted.getPendingMillis()))
                    .isLessThanOrEqualTo(1_000);
            assertThat(state.getReportedRecords())
                    .isEqualTo(expected.getReportedRecords())
                    .isEqualTo(offset);
            assertThat(state.getUnreportedRecords()).isZero();
        }
    }

    private static PartitionState run(List<Progress> reports) {
        PartitionLedger ledger = new PartitionLedger(Reports.CLUSTER, Reports.TOPIC, 0, SETTINGS);
        reports.forEach(ledger::apply);
        ledger.tick(T + 120_000, NOBODY);
        return ledger.snapshot();
    }

    @Test
    void commitDelaysAreOfTheFirstCommitEvenWhenItIsReportedLast() {
        List<Long> delays = new ArrayList<>();
        CommitAccounts accounts =
                (group, end, records, from, to, committed) -> delays.add(records * 1_000_000 + committed - from);
        ledger.apply(b.commit("g", 0, T - 1_000));
        ledger.apply(a.append(0, 10, T, false));
        ledger.apply(a.append(10, 20, T + 1_000, false));
        ledger.apply(b.commit("g", 20, T + 3_000));
        ledger.apply(a.commit("g", 10, T + 500));
        ledger.tick(T + 3_000, accounts);
        ledger.tick(T + 8_000, accounts);
        ledger.apply(b.commit("g", 5, T + 9_000));
        ledger.apply(b.commit("g", 20, T + 10_000));
        ledger.tick(T + 20_000, accounts);

        assertThat(delays).containsExactly(10_000_500L, 10_002_000L);
    }

    @Test
    void aCommitIsInTheStateUntilItIsCounted() {
        ledger.apply(b.commit("g", 0, T - 1_000));
        ledger.apply(a.append(0, 10, T, false));
        ledger.apply(b.commit("g", 10, T + 3_000));

        GroupState fresh = group(T + 3_500);
        assertThat(fresh.getPendingMillis()).isEqualTo(-1);
        assertThat(fresh.getPending().getRecordsList()).containsExactly(10L);
        assertThat(fresh.getPending().getCommittedMillisList()).containsExactly(T + 3_000);

        assertThat(group(T + 20_000).getPending().getRecordsList()).isEmpty();
    }

    @Test
    void statusesFollowTheRules() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.commit("g", 0, T));
        ledger.apply(b.fetch("g", 0, 100, 100, 100, T + 1_000));
        assertThat(status(T + 2_000)).isEqualTo(GroupStatus.OK);

        for (int i = 0; i < 70; i++) {
            ledger.apply(b.fetch("g", 100, 100, 100, 100, T + 2_000 + i * 1_000L));
        }
        assertThat(status(T + 72_000)).isEqualTo(GroupStatus.STALLED);
        assertThat(status(T + 72_000 + 31_000)).isEqualTo(GroupStatus.STOPPED);
        assertThat(rules.status(group(T + 103_000), T + 102_000, T + 103_000))
                .as("a member that still holds its place")
                .isEqualTo(GroupStatus.STALLED);

        ledger.apply(b.commit("g", 100, T + 104_000));
        assertThat(status(T + 104_500)).isEqualTo(GroupStatus.OK);
        ledger.apply(b.commit("g", 20, T + 105_000));
        assertThat(status(T + 105_500)).isEqualTo(GroupStatus.REWOUND);
        ledger.apply(b.commit("g", 100, T + 106_000));
        assertThat(status(T + 106_500)).isEqualTo(GroupStatus.OK);
    }

    @Test
    void whatNeverCameThroughTheMeshIsNotSaidToHaveStopped() {
        ledger.apply(a.append(0, 100, T, false));
        Reports brokers = new Reports("~admin");
        ledger.apply(brokers.at(T + 1_000)
                .addOffsets(Reports.offset("g", 70, T + 1_000).setFetched(true))
                .build());
        ledger.apply(brokers.at(T + 31_000)
                .addOffsets(Reports.offset("g", 80, T + 31_000).setFetched(true))
                .build());

        assertThat(status(T + 62_000)).isEqualTo(GroupStatus.OK);
        assertThat(status(T + 200_000)).isEqualTo(GroupStatus.STALLED);
    }

    @Test
    void aShareGroupThatNobodyIsInHasStopped() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.fetch("g", -1, 60, 100, 100, T + 1_000));
        ledger.apply(new Reports("~admin")
                .at(T + 2_000)
                .addOffsets(Reports.offset("g", 60, T + 2_000)
                        .setFetched(true)
                        .setShare(true)
                        .setShareLag(40))
                .build());

        assertThat(status(T + 10_000)).isEqualTo(GroupStatus.OK);
        assertThat(status(T + 40_000)).isEqualTo(GroupStatus.STOPPED);
        assertThat(rules.status(group(T + 80_000), T + 79_000, T + 80_000)).isEqualTo(GroupStatus.STALLED);
    }

    @Test
    void aGroupThatCommitsSeldomIsNotStalled() {
        long offset = 0;
        for (int minute = 0; minute < 30; minute++) {
            long now = T + minute * 60_000L;
            ledger.apply(a.append(offset, offset + 60, now, false));
            offset += 60;
            ledger.apply(b.fetch("g", offset, offset, offset, offset, now + 100));
            if (minute % 2 == 0) {
                ledger.apply(b.commit("g", offset, now + 200));
            }
            ledger.apply(b.fetch("g", offset, offset, offset, offset, now + 50_000));
            if (minute > 4) {
                assertThat(status(now + 59_000)).as("minute %d", minute).isEqualTo(GroupStatus.OK);
            }
        }
    }

    @Test
    void aGroupThatFallsBehindIsWarnedOf() {
        ledger.apply(b.commit("g", 0, T));
        List<GroupStatus> seen = new ArrayList<>();
        for (int second = 0; second < 120; second++) {
            long now = T + second * 1_000L;
            ledger.apply(a.append(second * 10L, second * 10L + 10, now, false));
            if (second % 5 == 0) {
                ledger.apply(b.commit("g", second * 5L, now));
            }
            seen.add(status(now + 500));
        }
        assertThat(seen.get(119)).isEqualTo(GroupStatus.WARN);
        assertThat(seen).doesNotContain(GroupStatus.STALLED, GroupStatus.STOPPED);
    }

    @Test
    void aGroupThatKeepsUpCommittingInStepsIsNotWarnedOf() {
        ledger.apply(b.commit("g", 0, T));
        for (int second = 0; second < 180; second++) {
            long now = T + second * 1_000L;
            ledger.apply(a.append(second * 10L, second * 10L + 10, now, false));
            if (second % 5 == 4) {
                ledger.apply(b.commit("g", second * 10L, now));
            }
            assertThat(status(now + 500)).as("second %d", second).isEqualTo(GroupStatus.OK);
        }
    }

    @Test
    void brokersCorrectWhatNoProxySaw() {
        ledger.apply(a.append(0, 100, T, false));
        Reports brokers = new Reports("~admin");
        ledger.apply(brokers.at(T + 30_000)
                .setHighWatermark(100)
                .setLastStableOffset(100)
                .setLogStartOffset(0)
                .addOffsets(Reports.offset("g", 70, T + 30_000).setFetched(true))
                .build());

        GroupState group = group(T + 31_000);
        assertThat(group.getPendingRecords()).isEqualTo(30);
        assertThat(group.getSeenMillis()).isEqualTo(-1);
    }

    @Test
    void aShareGroupThatAcknowledgesGetsOn() {
        long later = T + 2 * SETTINGS.windowMillis();
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.at(T + 1_000)
                .addOffsets(Reports.offset("g", 0, T + 1_000)
                        .setFetched(true)
                        .setShare(true)
                        .setShareLag(50))
                .build());
        ledger.apply(b.fetch("g", -1, 60, -1, -1, later - 1_000));
        assertThat(status(later)).isEqualTo(GroupStatus.STALLED);

        ledger.apply(b.acknowledge("g", later - 500, 50, 60));
        assertThat(status(later)).isEqualTo(GroupStatus.OK);
        assertThat(group(later).getMember()).isEqualTo("m");
    }

    @Test
    void aShareGroupThatOnlyGivesBackDoesNotGetOn() {
        long later = T + 2 * SETTINGS.windowMillis();
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.at(T + 1_000)
                .addOffsets(Reports.offset("g", 0, T + 1_000)
                        .setFetched(true)
                        .setShare(true)
                        .setShareLag(50))
                .build());
        ledger.apply(b.acknowledge("g", later - 500));

        assertThat(status(later)).isEqualTo(GroupStatus.STALLED);
    }

    @Test
    void shareGroupsHaveTheLagThatTheBrokerSays() {
        ledger.apply(a.append(0, 100, T, false));
        Reports brokers = new Reports("~admin");
        ledger.apply(brokers.at(T + 30_000)
                .addOffsets(Reports.offset("s", 40, T + 30_000)
                        .setFetched(true)
                        .setShare(true)
                        .setShareLag(7))
                .build());

        GroupState group = group(T + 31_000);
        assertThat(group.getShare()).isTrue();
        assertThat(group.getPendingRecords()).isEqualTo(7);
        assertThat(group.getPendingMillis()).isEqualTo(T);
    }

    @Test
    void aShareGroupIsNoLaterThanItsLagThoughItsStartOffsetStandsStill() {
        ledger.apply(a.append(0, 90, T, false));
        ledger.apply(a.append(90, 100, T + 5_000, false));
        Reports brokers = new Reports("~admin");
        ledger.apply(brokers.at(T + 6_000)
                .setHighWatermark(100)
                .addOffsets(Reports.offset("s", 0, T + 6_000)
                        .setFetched(true)
                        .setShare(true)
                        .setShareLag(10))
                .build());
        ledger.apply(a.append(100, 150, T + 8_000, false));

        GroupState group = group(T + 9_000);
        assertThat(group.getCommittedOffset()).isZero();
        assertThat(group.getPendingRecords()).isEqualTo(10);
        assertThat(group.getPendingMillis()).isEqualTo(T + 5_000);
    }

    @Test
    void whatIsStoredIsWhatWasKnown() {
        ledger.apply(a.append(0, 100, T, true));
        ledger.apply(b.fetch("g", 0, 100, 101, 101, T + 100));
        ledger.apply(b.commit("g", 50, T + 1_000));
        ledger.apply(b.commit("h", 100, T + 1_000));
        ledger.tick(T + 2_000, NOBODY);

        PartitionLedger restored = PartitionLedger.of(ledger.state(), SETTINGS);

        assertThat(restored.snapshot()).isEqualTo(ledger.snapshot());
        restored.apply(new Reports("proxy-a").append(500, 600, T, false));
        restored.tick(T + 2_000, NOBODY);
        assertThat(restored.snapshot()).as("a duplicate").isEqualTo(ledger.snapshot());
    }

    @Test
    void anIdlePartitionHasNothingNewToTell() {
        ledger.apply(a.append(0, 100, T, false));
        ledger.apply(b.commit("g", 50, T + 100));
        ledger.tick(T + 30_000, NOBODY);
        PartitionState before = ledger.snapshot();
        ledger.tick(T + 40_000, NOBODY);

        assertThat(ledger.snapshot()).isEqualTo(before);
        assertThat(ledger.quiet()).isTrue();
    }

    @Test
    void groupsAboveTheLimitAreRefusedAndCounted() {
        for (int i = 0; i < SETTINGS.groupsMax() + 3; i++) {
            ledger.apply(a.commit("g" + i, 1, T));
        }
        ledger.tick(T, NOBODY);

        assertThat(ledger.snapshot().getGroupsCount()).isEqualTo(SETTINGS.groupsMax());
        assertThat(ledger.snapshot().getGroupsRefused()).isEqualTo(3);
    }
}
