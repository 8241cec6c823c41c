package dev.weir.canary.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenScansTest {
    private static final String CANARY = "next";
    private static final PartitionRef PARTITION = new PartitionRef("orders", 0);
    private static final Scope SCOPE = new Scope(
            "payments",
            "payments~canary",
            List.of("orders"),
            new Slices(CANARY),
            new Clients("payments", "v1*", List.of()),
            new Clients("payments", "v2*", List.of()),
            null);

    private final ChangeLog log = new ChangeLog();
    private final OpenScans scans = new OpenScans(new ClientSettings(Map::of, "test"));

    private int after(ChangeEvent.OfCanary event) {
        log.apply(event);
        scans.written(event, log.of(CANARY));
        return scans.size();
    }

    private static ChangeEvent.Committed committed(long number, String weight, long fence) {
        return new ChangeEvent.Committed(
                CANARY, new Epoch(number, Weight.parse(weight), Handover.ORDERED, Map.of(PARTITION, fence)));
    }

    private static ChangeEvent.HandedOver handedOver(long number) {
        return new ChangeEvent.HandedOver(CANARY, number, List.of(PARTITION));
    }

    @Test
    void nothingStaysOpenForACanaryThatWaitsForNobody() {
        assertThat(after(new ChangeEvent.Seeded(CANARY, SCOPE, Map.of(PARTITION, 0L))))
                .isZero();
        after(committed(1, "10%", 100));
        scans.of(CANARY);
        scans.of("another");
        assertThat(after(committed(2, "20%", 200))).isEqualTo(2);
        assertThat(after(handedOver(1))).as("the second change is waited for").isEqualTo(2);
        assertThat(after(handedOver(2))).as("the canary goes on").isOne();

        after(committed(3, "0%", 300));
        scans.of(CANARY);
        assertThat(after(handedOver(3)))
                .as("both sides have to come to the end")
                .isEqualTo(2);
        assertThat(after(new ChangeEvent.Drained(CANARY, 3))).isOne();
        scans.close();
        assertThat(scans.size()).isZero();
    }
}
