package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Buckets;
import dev.weir.canary.Epoch;
import dev.weir.canary.EpochTable;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DrainScanTest {
    private static final PartitionRef PARTITION = new PartitionRef("orders", 0);
    /** The canary's from 100 to 200 and from 300 on. */
    private static final EpochTable TABLE = EpochTable.EMPTY
            .with(epoch(1, "10%", 100))
            .with(epoch(2, "0%", 200))
            .with(epoch(3, "50%", 300))
            .with(epoch(4, "60%", 400));

    private static Epoch epoch(long number, String weight, long fence) {
        return new Epoch(number, Weight.parse(weight), Handover.ORDERED, Map.of(PARTITION, fence));
    }

    private static long lookFrom(Buckets buckets, boolean whole, Side side, long offset) {
        Gate gate = new Gate(PARTITION, 4, 400, side);
        return new DrainScan.Task(gate, whole, 0, TABLE.of(PARTITION), buckets).lookFrom(offset);
    }

    @Test
    void whatIsTheOtherSidesByItsPartitionIsNotLookedInto() {
        Buckets buckets = new WholePartitions();
        assertThat(lookFrom(buckets, false, Side.STABLE, 50)).isEqualTo(50);
        assertThat(lookFrom(buckets, false, Side.STABLE, 100)).isEqualTo(200);
        assertThat(lookFrom(buckets, false, Side.STABLE, 300))
                .as("up to the fence")
                .isEqualTo(400);
        assertThat(lookFrom(buckets, false, Side.STABLE, 450)).as("never back").isEqualTo(450);
        assertThat(lookFrom(buckets, false, Side.CANARY, 0)).isEqualTo(100);
        assertThat(lookFrom(buckets, false, Side.CANARY, 250)).isEqualTo(300);
    }

    @Test
    void elseRecordsSayIt() {
        assertThat(lookFrom(new Slices("next"), false, Side.CANARY, 0)).isZero();
        assertThat(lookFrom(new WholePartitions(), true, Side.STABLE, 100))
                .as("where all records count")
                .isEqualTo(100);
    }
}
