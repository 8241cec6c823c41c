package dev.weir.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private static final PartitionRef PARTITION = new PartitionRef("payments", 0);
    /** Canary's from a weight of just over one percent on. */
    private static final int LOW = 100;

    private static final int HIGH = 9_000;

    @Test
    void beforeTheFirstChangeAllIsTheStableSides() {
        Ownership ownership = EpochTable.EMPTY.of(PARTITION);

        assertThat(ownership.verdict(Side.STABLE, 17, LOW)).isEqualTo(Verdict.MINE);
        assertThat(ownership.verdict(Side.CANARY, 17, LOW)).isEqualTo(Verdict.OTHERS);
        assertThat(ownership.firstOfCanary()).isEqualTo(-1);
    }

    @Test
    void aWeightHoldsFromItsFenceOn() {
        Ownership ownership = table(Handover.UNORDERED, 10, 100).of(PARTITION);

        assertThat(ownership.owner(99, LOW)).isEqualTo(Side.STABLE);
        assertThat(ownership.owner(100, LOW)).isEqualTo(Side.CANARY);
        assertThat(ownership.owner(100, HIGH)).isEqualTo(Side.STABLE);
        assertThat(ownership.firstOfCanary()).isEqualTo(100);
    }

    @Test
    void whereNoWeightIsNobodyHasToLookAtKeys() {
        EpochTable raised = table(Handover.ORDERED, 10, 100);

        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 10, 99, Buckets.BY_RECORD))
                .isEqualTo(Verdict.MINE);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.CANARY, 10, 99, Buckets.BY_RECORD))
                .isEqualTo(Verdict.OTHERS);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 99, 100, Buckets.BY_RECORD))
                .isNull();
        assertThat(raised.of(PARTITION).verdictOfAll(Side.CANARY, 100, 150, Buckets.BY_RECORD))
                .isNull();

        EpochTable ended = raised.handedOver(1, PARTITION)
                .with(new Epoch(2, Weight.NONE, Handover.ORDERED, Map.of(PARTITION, 200L)));
        assertThat(ended.of(PARTITION).verdictOfAll(Side.CANARY, 200, 300, Buckets.BY_RECORD))
                .isEqualTo(Verdict.OTHERS);
        assertThat(ended.of(PARTITION).verdictOfAll(Side.STABLE, 200, 300, Buckets.BY_RECORD))
                .as("some of it waits until the canary is through")
                .isNull();
        assertThat(ended.handedOver(2, PARTITION).of(PARTITION).verdictOfAll(Side.STABLE, 200, 300, Buckets.BY_RECORD))
                .isEqualTo(Verdict.MINE);
    }

    @Test
    void whatIsOfOneBucketNeedsNoLookAtAnyWeight() {
        EpochTable raised = table(Handover.ORDERED, 10, 100);

        assertThat(raised.of(PARTITION).verdictOfAll(Side.CANARY, 100, 150, LOW))
                .isEqualTo(Verdict.WAIT);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 100, 150, LOW))
                .isEqualTo(Verdict.OTHERS);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 100, 150, HIGH))
                .isEqualTo(Verdict.MINE);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 0, 99, LOW)).isEqualTo(Verdict.MINE);
        assertThat(raised.of(PARTITION).verdictOfAll(Side.STABLE, 99, 100, HIGH))
                .as("nobody counts on batches that end where a fence is")
                .isNull();
        assertThat(raised.handedOver(1, PARTITION).of(PARTITION).verdictOfAll(Side.CANARY, 100, 150, LOW))
                .isEqualTo(Verdict.MINE);
    }

    @Test
    void whereASideOwnsSomethingIsKnown() {
        Ownership ownership = table(Handover.ORDERED, 10, 100)
                .with(new Epoch(2, new Weight(9_500), Handover.ORDERED, Map.of(PARTITION, 200L)))
                .with(new Epoch(3, Weight.NONE, Handover.ORDERED, Map.of(PARTITION, 300L)))
                .of(PARTITION);

        assertThat(ownership.firstOwned(Side.CANARY, 5, LOW)).isEqualTo(100);
        assertThat(ownership.firstOwned(Side.CANARY, 5, HIGH)).isEqualTo(200);
        assertThat(ownership.firstOwned(Side.CANARY, 250, HIGH)).isEqualTo(250);
        assertThat(ownership.firstOwned(Side.CANARY, 300, LOW)).isEqualTo(Long.MAX_VALUE);
        assertThat(ownership.firstOwned(Side.STABLE, 5, LOW)).isEqualTo(5);
        assertThat(ownership.firstOwned(Side.STABLE, 100, LOW)).isEqualTo(300);
        assertThat(ownership.firstOwned(Side.STABLE, 100, HIGH)).isEqualTo(100);
        assertThat(EpochTable.EMPTY.of(PARTITION).firstOwned(Side.CANARY, 0, LOW))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keysThatMoveWaitUntilTheyAreHandedOverAndOthersDoNot() {
        EpochTable table = table(Handover.ORDERED, 10, 100);

        assertThat(table.of(PARTITION).verdict(Side.CANARY, 100, LOW)).isEqualTo(Verdict.WAIT);
        assertThat(table.of(PARTITION).verdict(Side.STABLE, 100, HIGH)).isEqualTo(Verdict.MINE);
        assertThat(table.of(PARTITION).gates()).containsExactly(new Gate(PARTITION, 1, 100, Side.STABLE));
        assertThat(table.handedOver(1, PARTITION).of(PARTITION).verdict(Side.CANARY, 100, LOW))
                .isEqualTo(Verdict.MINE);
        assertThat(table.handedOver(1, PARTITION).of(PARTITION).gates()).isEmpty();
    }

    @Test
    void keysThatStayDoNotWaitForALaterChange() {
        EpochTable table = table(Handover.ORDERED, 10, 100)
                .handedOver(1, PARTITION)
                .with(new Epoch(2, new Weight(5_000), Handover.ORDERED, Map.of(PARTITION, 200L)));

        assertThat(table.of(PARTITION).verdict(Side.CANARY, 200, LOW)).isEqualTo(Verdict.MINE);
        assertThat(table.of(PARTITION).verdict(Side.CANARY, 200, 4_000)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void whatTheCanaryOwnedStaysItsOwnAfterItsEnd() {
        EpochTable table = table(Handover.ORDERED, 10, 100)
                .handedOver(1, PARTITION)
                .with(new Epoch(2, Weight.NONE, Handover.ORDERED, Map.of(PARTITION, 200L)));
        Ownership ownership = table.of(PARTITION);

        assertThat(ownership.verdict(Side.CANARY, 199, LOW)).isEqualTo(Verdict.MINE);
        assertThat(ownership.verdict(Side.STABLE, 200, LOW)).isEqualTo(Verdict.WAIT);
        assertThat(ownership.verdict(Side.STABLE, 200, HIGH)).isEqualTo(Verdict.MINE);
        assertThat(ownership.gates()).containsExactly(new Gate(PARTITION, 2, 200, Side.CANARY));
    }

    @Test
    void anEpochWithoutRecordsIsAsIfItHadNotBeen() {
        EpochTable table = table(Handover.ORDERED, 50, 100)
                .with(new Epoch(2, Weight.NONE, Handover.ORDERED, Map.of(PARTITION, 100L)));

        assertThat(table.of(PARTITION).gates()).isEmpty();
        assertThat(table.of(PARTITION).verdict(Side.STABLE, 100, LOW)).isEqualTo(Verdict.MINE);
    }

    @Test
    void aPartitionThatWasMadeLaterHasTheWeightOfItsTimeFromItsBeginning() {
        PartitionRef late = new PartitionRef("payments", 7);
        EpochTable table = table(Handover.ORDERED, 10, 100)
                .with(new Epoch(2, new Weight(2_000), Handover.ORDERED, Map.of(PARTITION, 200L)));

        assertThat(table.of(late).owner(0, 1_500)).isEqualTo(Side.CANARY);
        assertThat(table.of(late).verdict(Side.CANARY, 0, 1_500)).isEqualTo(Verdict.MINE);
        assertThat(table.of(late).firstOfCanary()).isZero();
        EpochTable named = table.with(new Epoch(3, Weight.NONE, Handover.ORDERED, Map.of(late, 50L)));
        assertThat(named.of(late).owner(49, 1_500)).isEqualTo(Side.CANARY);
        assertThat(named.of(late).owner(50, 1_500)).isEqualTo(Side.STABLE);
    }

    @Test
    void epochsCountUp() {
        assertThatThrownBy(() -> table(Handover.ORDERED, 10, 100)
                        .with(new Epoch(1, Weight.NONE, Handover.ORDERED, Map.of(PARTITION, 100L))))
                .hasMessage("epoch 1 after epoch 1");
    }

    private static EpochTable table(Handover handover, int percent, long fence) {
        return EpochTable.EMPTY.with(new Epoch(1, new Weight(percent * 100), handover, Map.of(PARTITION, fence)));
    }
}
