package dev.weir.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** Scripts read it by these names. */
class DemoSummaryTest {
    @Test
    void itIsOneJsonObjectWithTheLedgerOfTheCanaryInIt() throws JsonProcessingException {
        ChargeLedger ledger = new ChargeLedger();
        for (String order : new String[] {"order-1", "order-2", "order-3", "order-4"}) {
            ledger.produced(order);
        }
        ledger.processed("order-1", false);
        ledger.processed("order-2", false);
        ledger.processed("order-3", true);
        ledger.processed("order-2", true);

        JsonNode summary = new ObjectMapper()
                .readTree(DemoCommand.text(new DemoSummary(
                        "127.0.0.1:9192", "", "", "", "", 435, 1_297, 87, 262, 4, 3, "26b6c8c", ledger.count())));

        assertThat(summary.path("bootstrap").asText()).isEqualTo("127.0.0.1:9192");
        assertThat(summary.path("produced").asLong()).isEqualTo(435);
        JsonNode canary = summary.path("canary");
        assertThat(canary.fieldNames())
                .toIterable()
                .containsExactly("produced", "stableProcessed", "canaryProcessed", "lost", "ownedByBoth");
        assertThat(canary.path("produced").asLong()).isEqualTo(4);
        assertThat(canary.path("stableProcessed").asLong()).isEqualTo(2);
        assertThat(canary.path("canaryProcessed").asLong()).isEqualTo(2);
        assertThat(canary.path("lost").asLong()).isEqualTo(1);
        assertThat(canary.path("ownedByBoth").asLong()).isEqualTo(1);
    }
}
