package dev.weir.cli.mesh;

import dev.weir.canary.Weight;
import dev.weir.canary.rollout.Figure;
import dev.weir.canary.rollout.Gates;
import dev.weir.canary.rollout.RolloutPlan;
import dev.weir.policy.decide.CanaryPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** What policy says of a canary's steps and gates, as its rollout takes it. */
final class CanaryRollouts {
    private CanaryRollouts() {}

    /** Of a shadow, one that stays at nothing, which nobody follows. */
    static RolloutPlan plan(CanaryPolicy policy) {
        if (policy.strategy() == CanaryPolicy.Strategy.SHADOW) {
            return RolloutPlan.staying(Weight.NONE, Gates.NONE);
        }
        Gates gates = policy.gates().map(CanaryRollouts::gates).orElse(Gates.NONE);
        return policy.weight()
                .map(weight -> RolloutPlan.staying(weight, gates))
                .orElseGet(() -> new RolloutPlan(
                        policy.steps().stream()
                                .map(step -> new RolloutPlan.Step(
                                        step.weight(),
                                        step.hold()
                                                .map(hold -> OptionalLong.of(hold.toMillis()))
                                                .orElse(OptionalLong.empty())))
                                .toList(),
                        gates));
    }

    private static Gates gates(CanaryPolicy.Gates gates) {
        Map<Figure, Double> limits = new EnumMap<>(Figure.class);
        gates.timeLag().map(CanaryRollouts::millis).ifPresent(limit -> limits.put(Figure.TIME_LAG, limit));
        gates.errorShare().ifPresent(limit -> limits.put(Figure.ERROR_SHARE, limit.doubleValue()));
        gates.deadLetterShare().ifPresent(limit -> limits.put(Figure.DEAD_LETTER_SHARE, limit.doubleValue()));
        gates.processingTime()
                .map(CanaryRollouts::millis)
                .ifPresent(limit -> limits.put(Figure.PROCESSING_TIME, limit));
        gates.rebalances().ifPresent(limit -> limits.put(Figure.REBALANCES, (double) limit));
        return new Gates(
                limits,
                gates.records(),
                switch (gates.onFailure()) {
                    case ABORT -> Gates.OnFailure.ABORT;
                    case PAUSE -> Gates.OnFailure.PAUSE;
                });
    }

    private static double millis(Duration duration) {
        return duration.toMillis();
    }
}
