package dev.weir.canary.rollout;

import dev.weir.canary.Weight;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What policy wants of a canary.
 *
 * @param steps at least one
 */
public record RolloutPlan(List<Step> steps, Gates gates) {
    /**
     * A weight, and for how long it holds at least.
     *
     * @param holdMillis empty when it stays until somebody says otherwise
     */
    public record Step(Weight weight, OptionalLong holdMillis) {
        public Step {
            if (holdMillis.orElse(0) < 0) {
                throw new IllegalArgumentException("a hold of " + holdMillis.getAsLong() + " ms");
            }
        }

        @Override
        public String toString() {
            return weight + (holdMillis.isEmpty() ? "" : " " + Duration.ofMillis(holdMillis.getAsLong()));
        }
    }

    public RolloutPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a rollout without steps");
        }
    }

    /** One weight that stays. */
    public static RolloutPlan staying(Weight weight, Gates gates) {
        return new RolloutPlan(List.of(new Step(weight, OptionalLong.empty())), gates);
    }

    /** The steps in one line. Plans with the same line are the same rollout; their gates may differ. */
    public String text() {
        return steps.stream().map(Step::toString).collect(Collectors.joining(", "));
    }

    /** The first step that takes nothing away from a canary of this weight; the last when all do. */
    int from(Weight weight) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).weight().compareTo(weight) >= 0) {
                return i;
            }
        }
        return steps.size() - 1;
    }
}
