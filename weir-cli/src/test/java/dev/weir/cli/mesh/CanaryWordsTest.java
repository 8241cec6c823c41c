package dev.weir.cli.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Clients;
import dev.weir.canary.Epoch;
import dev.weir.canary.Gate;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Weight;
import dev.weir.canary.change.ChangeEvent;
import dev.weir.canary.change.ChangeLog;
import dev.weir.canary.change.Note;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CanaryWordsTest {
    private static final String NAME = "next";
    private static final Cause ANNA = new Cause(Cause.Kind.PERSON, "anna", "");
    private static final long FENCE = 100;

    private static final Scope SCOPE = new Scope(
            "g",
            "g~canary",
            List.of("orders"),
            new Slices(NAME),
            new Clients("payments", "v1-*", List.of()),
            new Clients("payments", "v2-*", List.of()));

    private final ChangeLog log = new ChangeLog();

    @BeforeEach
    void share() {
        log.apply(new ChangeEvent.Seeded(NAME, SCOPE, Map.of(partition(0), 0L)));
        weigh(1, "10%");
    }

    private static PartitionRef partition(int number) {
        return new PartitionRef("orders", number);
    }

    private void weigh(long number, String weight) {
        log.apply(new ChangeEvent.Committed(
                NAME, new Epoch(number, Weight.parse(weight), Handover.ORDERED, Map.of(partition(0), FENCE))));
    }

    private void note(Note note) {
        log.apply(new ChangeEvent.Noted(NAME, note));
    }

    private String reason(String weight, Phase phase) {
        RolloutState rollout = new RolloutState("10%", 0, Weight.parse(weight), 0, phase);
        List<WatchedCanary.WeightAt> weights = List.of(new WatchedCanary.WeightAt(0, Weight.parse("10%")));
        return CanaryWords.reason(rollout, new WatchedCanary(log.of(NAME), rollout, weights, List.of()));
    }

    @Test
    void whatAWeightWaitsForIsSaidWhoeverWantsIt() {
        note(new Note(List.of("weir-2"), "", Map.of()));
        assertThat(reason("50%", new Phase.Waiting())).isEqualTo("It waits for these proxies: weir-2.");
        assertThat(reason("50%", new Phase.Paused(ANNA))).isEqualTo("By anna. It waits for these proxies: weir-2.");
        assertThat(reason("10%", new Phase.Paused(ANNA))).as("it is in force").isEqualTo("By anna.");

        note(new Note(List.of(), "somebody comes around Weir", Map.of()));
        assertThat(reason("50%", new Phase.Waiting())).isEqualTo("somebody comes around Weir");
        assertThat(reason("50%", new Phase.Paused(ANNA)))
                .isEqualTo("By anna. The weight is not in force yet: somebody comes around Weir.");
    }

    @Test
    void aHoldThatGoesOnSaysWhy() {
        assertThat(reason("10%", new Phase.Holding("nobody knows its lag")))
                .isEqualTo("The hold goes on: nobody knows its lag.");
        assertThat(reason("10%", new Phase.Holding(""))).isEmpty();
    }

    @Test
    void whatIsLeftIsSaidUntilNothingIs() {
        weigh(2, "0%");
        assertThat(reason("0%", new Phase.Aborted(ANNA))).isEqualTo("By anna. It is draining.");

        Map<Gate, Long> left = new HashMap<>();
        left.put(new Gate(partition(3), 2, FENCE, Side.STABLE), FENCE - 1);
        for (int i = 0; i < 8; i++) {
            left.put(new Gate(partition(i), 2, FENCE, Side.CANARY), FENCE - 10 - i);
        }
        note(new Note(List.of(), "", left));
        assertThat(reason("0%", new Phase.Aborted(ANNA)))
                .isEqualTo(
                        "By anna. It is draining; left to the canary (records at most): 10 in orders-0, 11 in orders-1,"
                                + " 12 in orders-2, 13 in orders-3, 14 in orders-4, 15 in orders-5, and more in 2 other partitions;"
                                + " not committed yet by the stable side (records at most): 1 in orders-3.");

        log.apply(new ChangeEvent.Drained(NAME, 2));
        assertThat(reason("0%", new Phase.Aborted(ANNA))).isEqualTo("By anna. Nothing is left to it: it is drained.");
    }

    @Test
    void ofWhatHasNeverHadAnythingNothingIsSaid() {
        WatchedCanary idle = new WatchedCanary(new ChangeLog().of(NAME), null, List.of(), List.of());
        RolloutState rollout = new RolloutState("0%", 0, Weight.NONE, 0, new Phase.Holding(""));
        assertThat(CanaryWords.reason(rollout, idle)).isEmpty();
    }
}
