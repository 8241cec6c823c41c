package dev.weir.canary.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.change.World.Sabotage;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The change protocol under everything that may go wrong. A schedule that fails is printed with its seed: {@code -Dweir.canary.seed=N}
 * runs that one alone, {@code -Dweir.canary.schedules=N} as many as wanted. Some are others every day; their seeds are printed before they run.
 */
class ChangeSimulationTest {
    private static final long SCHEDULES = Long.getLong("weir.canary.schedules", 10_000);
    /** So many more are others every day, and not known to anybody who changes the protocol. */
    private static final long SCHEDULES_OF_THE_DAY = 300;

    /** As many as show every sabotage many times. */
    private static final long SABOTAGED = 4_000;

    private final Map<Class<?>, LongAdder> happened = new ConcurrentHashMap<>();

    @Test
    void everyRecordHasExactlyOneOwnerAndKeysKeepTheirOrder() {
        Long only = Long.getLong("weir.canary.seed");
        LongStream seeds = only == null ? LongStream.range(0, SCHEDULES) : LongStream.of(only);
        if (only == null) {
            long first = SCHEDULES + LocalDate.now(ZoneOffset.UTC).toEpochDay() * SCHEDULES_OF_THE_DAY;
            System.out.printf("schedules of the day: seeds %d to %d%n", first, first + SCHEDULES_OF_THE_DAY - 1);
            seeds = LongStream.concat(seeds, LongStream.range(first, first + SCHEDULES_OF_THE_DAY));
        }
        assertThat(seeds.parallel().mapToObj(seed -> broken(seed, Set.of())).filter(broken -> broken != null))
                .isEmpty();
        if (only == null) {
            assertThat(happened.values())
                    .as("the schedules have something of everything in them: %s", happened)
                    .hasSize(ChangeEvent.class.getPermittedSubclasses().length
                            - 2 // the events of rollouts are not part of the protocol; the others of canaries are
                            // counted below, but for what is said to people
                            + ChangeEvent.OfCanary.class.getPermittedSubclasses().length
                            - 1)
                    .allMatch(count -> count.sum() > SCHEDULES / 50);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProtocolWithoutOneOfItsPrecautionsIsCaught(Sabotage sabotage) {
        assertThat(LongStream.range(0, SABOTAGED)
                        .mapToObj(seed -> broken(seed, Set.of(sabotage)))
                        .anyMatch(broken -> broken != null))
                .isTrue();
    }

    private @Nullable String broken(long seed, Set<Sabotage> sabotage) {
        try {
            World world = new World(seed, sabotage);
            world.run();
            world.log.forEach(event -> happened.computeIfAbsent(event.getClass(), kind -> new LongAdder())
                    .increment());
            return null;
        } catch (DataLog.Violation | IllegalArgumentException e) {
            return "seed " + seed + ": " + e.getMessage();
        }
    }
}
