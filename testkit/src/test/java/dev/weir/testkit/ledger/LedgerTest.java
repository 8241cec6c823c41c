package dev.weir.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void allIsWellWhenBothSidesAgree() {
        for (int i = 0; i < 4; i++) {
            ledger.acked(i % 2, i / 2, i);
            assertThat(ledger.complete()).isFalse();
            ledger.received(i % 2, i / 2, i);
        }
        assertThat(ledger.complete()).isTrue();
        assertThat(ledger.result()).isEqualTo(new LedgerResult(4, 0, 4, 0, List.of()));
    }

    @Test
    void seesALostRecord() {
        ledger.acked(0, 0, 7);
        assertThat(ledger.result().violations())
                .containsExactly("partition 0 offset 0: sequence 7 was acknowledged and never received");
    }

    @Test
    void seesAnotherRecordInItsPlace() {
        ledger.acked(0, 0, 7);
        ledger.received(0, 0, 8);
        assertThat(ledger.result().violations())
                .containsExactly("partition 0 offset 0: sequence 7 was acknowledged, but received was 8");
    }

    @Test
    void seesADoubledRecord() {
        ledger.received(0, 0, 7);
        ledger.received(0, 1, 7);
        assertThat(ledger.result().violations()).singleElement().asString().contains("doubled");
    }

    @Test
    void seesRecordsComeBackwards() {
        ledger.received(0, 1, 8);
        ledger.received(0, 0, 7);
        assertThat(ledger.result().violations()).containsExactly("partition 0: offset 0 came after 1");
    }

    @Test
    void seesOneOffsetAcknowledgedTwice() {
        ledger.acked(0, 0, 7);
        ledger.acked(0, 0, 8);
        ledger.received(0, 0, 8);
        assertThat(ledger.result().violations()).singleElement().asString().contains("again for 8");
    }

    @Test
    void allowsRedeliveryAfterANewAssignment() {
        ledger.acked(0, 0, 7);
        ledger.received(0, 0, 7);
        ledger.assigned(0);
        ledger.received(0, 0, 7);
        assertThat(ledger.result().violations()).isEmpty();
        assertThat(ledger.result().redelivered()).isEqualTo(1);

        ledger.assigned(0);
        ledger.received(0, 0, 9);
        assertThat(ledger.result().violations()).anyMatch(line -> line.contains("was sequence 7, then 9"));
    }
}
