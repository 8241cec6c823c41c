package dev.weir.policy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopicTableTest {

    @Test
    void theMostSpecificOneHolds() {
        TopicTable<String> table = TopicTable.of(
                Map.of("orders", "name"), Map.of("", "all", "o", "o*", "orders.", "orders.*", "orders.eu.", "eu"));
        assertThat(table.find("orders")).isEqualTo("name");
        assertThat(table.find("orders.eu.card")).isEqualTo("eu");
        assertThat(table.find("orders.us")).isEqualTo("orders.*");
        assertThat(table.find("orders.f")).isEqualTo("orders.*");
        assertThat(table.find("orders2")).isEqualTo("o*");
        assertThat(table.find("payments")).isEqualTo("all");
        assertThat(table.find("A")).isEqualTo("all");
    }

    @Test
    void noPrefixIsAboutInternalOrReservedTopics() {
        TopicTable<String> table = TopicTable.of(Map.of("__consumer_offsets", "named"), Map.of("", "all"));
        assertThat(table.find("__consumer_offsets")).isEqualTo("named");
        assertThat(table.find("__transaction_state")).isNull();
        assertThat(table.find("_weir-flows")).isNull();
    }

    @Test
    void anEmptyTableSaysNothing() {
        assertThat(TopicTable.empty().isEmpty()).isTrue();
        assertThat(TopicTable.empty().find("orders")).isNull();
        assertThat(TopicTable.of(Map.of(), Map.of("b", 1)).find("a")).isNull();
    }

    @Test
    void prefixesAreFoundAsByTryingEachOfThem() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            Map<String, String> prefixes = new HashMap<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                String prefix = name(random);
                prefixes.put(prefix, prefix);
            }
            TopicTable<String> table = TopicTable.of(Map.of(), prefixes);
            for (int i = 0; i < 50; i++) {
                String topic = name(random);
                String longest = null;
                for (int end = 0; end <= topic.length(); end++) {
                    longest = prefixes.getOrDefault(topic.substring(0, end), longest);
                }
                assertThat(table.find(topic)).as("%s in %s", topic, prefixes).isEqualTo(longest);
            }
        }
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            name.append((char) ('a' + random.nextInt(3)));
        }
        return name.toString();
    }
}
