package dev.weir.cli.mesh;

import dev.weir.canary.Gate;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.change.Note;
import dev.weir.canary.kafka.WatchedCanary;
import dev.weir.canary.rollout.Cause;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Why a canary is where it is, what it waits for, and what is left to do once it is given nothing more; in sentences. */
final class CanaryWords {
    /** Partitions that are named; of those beyond, only how many there are. */
    private static final int PARTITIONS_MAX = 6;

    private CanaryWords() {}

    static String reason(RolloutState rollout, WatchedCanary seen) {
        CanaryState state = seen.state();
        List<String> sentences = new ArrayList<>();
        if (rollout.phase() instanceof Phase.Waiting) {
            sentences.add(waiting(state.note(), false));
        } else {
            sentences.add(phase(rollout.phase()));
            if (!rollout.weight().equals(state.table().weight())) {
                sentences.add(waiting(state.note(), true));
            }
        }
        if (rollout.weight().equals(Weight.NONE) && state.table().weight().equals(Weight.NONE)) {
            sentences.add(left(seen));
        }
        return sentences.stream().filter(sentence -> !sentence.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String waiting(Note note, boolean introduced) {
        if (!note.problem().isEmpty()) {
            return introduced ? "The weight is not in force yet: " + note.problem() + "." : note.problem();
        }
        return note.waitingFor().isEmpty()
                ? ""
                : "It waits for these proxies: " + String.join(", ", note.waitingFor()) + ".";
    }

    private static String phase(Phase phase) {
        if (phase instanceof Phase.Holding holding) {
            return holding.obstacle().isEmpty() ? "" : "The hold goes on: " + holding.obstacle() + ".";
        }
        Cause cause = phase.cause();
        return cause == null ? "" : "By " + cause + ".";
    }

    /** Of one that had a weight above 0. */
    private static String left(WatchedCanary seen) {
        CanaryState state = seen.state();
        if (!state.isSeeded()) {
            return seen.weights().isEmpty() ? "" : "Nothing is left to it: it is drained.";
        }
        if (!state.raised()) {
            return "";
        }
        String canary = left(state.note(), Side.CANARY);
        String stable = left(state.note(), Side.STABLE);
        return "It is draining"
                + (canary.isEmpty() ? "" : "; left to the canary (records at most): " + canary)
                + (stable.isEmpty() ? "" : "; not committed yet by the stable side (records at most): " + stable)
                + ".";
    }

    private static String left(Note note, Side side) {
        List<String> each = note.left().entrySet().stream()
                .filter(entry -> entry.getKey().waitsFor() == side)
                .sorted(Comparator.comparing((Map.Entry<Gate, Long> entry) ->
                                entry.getKey().partition().topic())
                        .thenComparing(entry -> entry.getKey().partition().partition())
                        .thenComparing(entry -> entry.getKey().fence()))
                .map(entry -> entry.getKey().fence() - entry.getValue() + " in "
                        + entry.getKey().partition().topic() + "-"
                        + entry.getKey().partition().partition())
                .toList();
        int others = each.size() - PARTITIONS_MAX;
        return String.join(", ", each.subList(0, Math.min(each.size(), PARTITIONS_MAX)))
                + (others > 0 ? ", and more in " + others + " other partitions" : "");
    }
}
