package dev.weir.canary.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever begins to read the log after it was compacted comes to the same. */
class CompactionTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aCompactedLogComesToTheSame(long seed) {
        World world = new World(seed, Set.of());
        world.run();
        List<ChangeEvent> whole = world.log;

        int upTo = new Random(seed).nextInt(whole.size() + 1);
        List<ChangeEvent> compacted = new ArrayList<>();
        Map<String, Integer> last = new HashMap<>();
        for (int i = 0; i < upTo; i++) {
            last.put(ChangeLog.key(whole.get(i)), i);
        }
        for (int i = 0; i < whole.size(); i++) {
            if (i >= upTo || last.get(ChangeLog.key(whole.get(i))) == i) {
                compacted.add(whole.get(i));
            }
        }

        assertThat(summary(compacted)).isEqualTo(summary(whole));
    }

    private static List<Object> summary(List<ChangeEvent> events) {
        ChangeLog log = new ChangeLog();
        events.forEach(log::apply);
        CanaryState state = log.of(World.CANARY);
        List<Object> all = new ArrayList<>();
        all.add(log.proxies());
        all.add(state.table().epochs());
        state.table()
                .partitions()
                .forEach(partition -> all.add(state.table().of(partition).gates()));
        all.add(String.valueOf(state.pending()));
        all.add(state.lastEpoch());
        all.add(String.valueOf(state.scope()));
        all.add(state.seeds());
        all.add(state.raised());
        return all;
    }
}
