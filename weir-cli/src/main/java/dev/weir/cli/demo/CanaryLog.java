package dev.weir.cli.demo;

import dev.weir.canary.Weight;
import dev.weir.canary.change.CanaryState;
import dev.weir.canary.rollout.Phase;
import dev.weir.canary.rollout.RolloutState;
import dev.weir.cli.mesh.Mesh;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Says on the screen when a canary gets another share. One thread. */
final class CanaryLog {
    private final Consumer<String> lines;
    private final Map<String, Weight> weights = new HashMap<>();

    CanaryLog(Consumer<String> lines) {
        this.lines = lines;
    }

    /** Looks at what the mesh goes by now. */
    void look(Mesh mesh, List<String> canaries, ChargeLedger.Count ledger) {
        for (String canary : canaries) {
            CanaryState state = mesh.canary(DemoConfig.CLUSTER, canary);
            if (state == null || state.pending() != null || state.scope() == null) {
                continue;
            }
            Weight now = state.table().weight();
            Weight before = weights.put(canary, now);
            if (before != null && !before.equals(now)) {
                lines.accept("CANARY   " + canary + " has " + now + " of the keys now (before: " + before + ")"
                        + why(mesh.rollout(canary))
                        + (canary.equals(Shop.GOOD_CANARY) ? "; so far " + words(ledger) : ""));
            }
        }
    }

    /** What decided it, where it was not just the next step. */
    static String why(@Nullable RolloutState rollout) {
        if (rollout == null || rollout.phase().cause() == null) {
            return "";
        }
        Phase phase = rollout.phase();
        String word = phase instanceof Phase.Aborted ? "aborted" : phase instanceof Phase.Paused ? "set" : "promoted";
        return ": " + word + " by " + phase.cause();
    }

    /** The ledger in a sentence. */
    static String words(ChargeLedger.Count ledger) {
        return ledger.produced() + " orders = " + ledger.stableProcessed() + " processed by payments v1 + "
                + ledger.canaryProcessed() + " by v2 + " + ledger.lost() + " on their way or lost; by both: "
                + ledger.ownedByBoth();
    }
}
