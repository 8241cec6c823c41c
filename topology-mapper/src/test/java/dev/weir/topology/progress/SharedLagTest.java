package dev.weir.topology.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.mesh.report.v1.Position;
import dev.weir.mesh.report.v1.Progress;
import dev.weir.topology.slo.CommitAccounts;
import dev.weir.topology.state.v1.GroupState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lag of a group that a canary gives a part of the partition only, and that commits no further than the last record that it was given. */
class SharedLagTest {
    private static final long T = 1_700_000_000_000L;
    private static final LagSettings SETTINGS = LagSettings.DEFAULT;
    private static final CommitAccounts NOBODY = (group, end, records, from, to, committed) -> {};

    private final Reports proxy = new Reports("proxy");
    private final Reports other = new Reports("other");
    private PartitionLedger ledger = new PartitionLedger(Reports.CLUSTER, Reports.TOPIC, 0, SETTINGS);

    /** Ten records a second, of which that at 0 is the group's own, and no other one in this minute. */
    private void aMinuteOfOthers() {
        ledger.apply(proxy.commit("g", 0, T - 1_000));
        for (int second = 0; second < 60; second++) {
            ledger.apply(proxy.append(second * 10L, second * 10L + 10, T + second * 1_000L, false));
        }
        ledger.apply(proxy.commit("g", 1, T + 2_000));
    }

    private static Progress reads(Reports by, long delivered, long othersFrom, long atMillis) {
        return by.at(atMillis)
                .setHighWatermark(Math.max(delivered, 600))
                .addPositions(Position.newBuilder()
                        .setGroup("g")
                        .setFetchOffset(delivered)
                        .setDeliveredOffset(delivered)
                        .setOthersFromOffset(othersFrom)
                        .setAtMillis(atMillis))
                .build();
    }

    private GroupState group(long nowMillis) {
        ledger.tick(nowMillis, NOBODY);
        return ledger.snapshot().getGroups(0);
    }

    @Test
    void withoutTheOffsetItIsAsEver() {
        aMinuteOfOthers();
        ledger.apply(proxy.fetch("g", 600, 600, 600, 600, T + 60_000));

        assertThat(group(T + 60_000).getPendingRecords()).isEqualTo(599);
        assertThat(group(T + 60_000).getPendingMillis()).isBetween(T, T + 1_000);
    }

    @Test
    void whatItsMembersPassedIsNotLag() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 600, 1, T + 60_000));
        GroupState group = group(T + 60_000);
        assertThat(group.getPendingRecords()).isZero();
        assertThat(group.getPendingMillis()).isEqualTo(-1);

        ledger.apply(proxy.append(600, 610, T + 61_000, false));
        group = group(T + 90_000);
        assertThat(group.getPendingRecords()).as("which nobody has read").isEqualTo(10);
        assertThat(group.getPendingMillis()).isEqualTo(T + 61_000);
        assertThat(group.hasGivenMillis()).isFalse();
    }

    @Test
    void whatItWasGivenAndHasNotCommittedIs() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 500, 1, T + 50_000));
        ledger.apply(reads(proxy, 600, 551, T + 60_000));
        ledger.apply(reads(proxy, 600, 551, T + 75_000));

        GroupState group = group(T + 80_000);
        assertThat(group.getPendingMillis()).as("some time after the 500").isEqualTo(T + 50_000);
        assertThat(group.getPendingRecords()).isEqualTo(51);
        assertThat(group.getGivenMillis()).as("since it was seen first").isEqualTo(T + 60_000);

        ledger.apply(proxy.commit("g", 551, T + 81_000));
        assertThat(group(T + 82_000).getPendingRecords()).isZero();
        assertThat(group(T + 82_000).hasGivenMillis()).isFalse();
    }

    @Test
    void anotherMemberGoesOnWhereOneWas() {
        aMinuteOfOthers();
        ledger.apply(reads(other, 300, 200, T + 31_000));
        assertThat(group(T + 31_000).getPendingRecords()).isEqualTo(499);
        ledger.apply(reads(proxy, 200, 1, T + 20_000));
        assertThat(group(T + 31_000).getPendingRecords())
                .as("what the first one passed is told of later")
                .isEqualTo(300);

        ledger.apply(proxy.fetch("g", 250, -1, 600, 600, T + 32_000));
        assertThat(group(T + 32_000).getPendingRecords())
                .as("one that was given nothing yet")
                .isEqualTo(300);
    }

    @Test
    void whoGoesBackMayOwnWhatItPassed() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 600, 1, T + 60_000));
        ledger.apply(proxy.commit("g", 600, T + 60_500));
        ledger.apply(proxy.commit("g", 10, T + 61_000));

        assertThat(group(T + 62_000).getPendingRecords()).isEqualTo(590);
    }

    @Test
    void aTopicThatIsMadeAnewHasNothingOfTheOldOne() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 600, 1, T + 60_000));
        ledger.apply(new Reports("~admin").at(T + 120_000).setHighWatermark(50).build());

        assertThat(group(T + 121_000).getPendingRecords()).isEqualTo(49);
    }

    @Test
    void whatItKnowsOutlivesTheStream() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 500, 1, T + 50_000));
        ledger.apply(reads(proxy, 600, 551, T + 60_000));
        GroupState before = group(T + 70_000);
        ledger = PartitionLedger.of(ledger.state(), SETTINGS);

        assertThat(group(T + 70_000)).isEqualTo(before);
    }

    @Test
    void objectivesDoNotCountThemEither() {
        aMinuteOfOthers();
        ledger.apply(reads(proxy, 500, 1, T + 50_000));
        ledger.apply(reads(proxy, 600, 551, T + 60_000));
        List<Long> counted = new ArrayList<>();
        ledger.apply(proxy.commit("g", 551, T + 60_500));
        ledger.tick(T + 70_000, (group, end, records, from, to, committed) -> counted.add(records));

        assertThat(counted.stream().mapToLong(records -> records).sum())
                .as("the one at 0, and those of which one is at 550")
                .isEqualTo(1 + 51);
    }
}
