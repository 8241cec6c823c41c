package dev.weir.canary.rollout;

import dev.weir.canary.Weight;

/**
 * All that has to be known of a rollout to go on with it.
 *
 * @param plan {@link RolloutPlan#text()} of the plan that it follows
 * @param step which of the plan's, from 0 on: the present one, or where it was left
 * @param weight that is wanted
 * @param sinceMillis since when it is in this phase, by the clock that rollouts go by
 */
public record RolloutState(String plan, int step, Weight weight, long sinceMillis, Phase phase) {
    RolloutState at(Weight newWeight, Phase newPhase, long nowMillis) {
        return new RolloutState(plan, step, newWeight, nowMillis, newPhase);
    }

    RolloutState in(Phase newPhase, long nowMillis) {
        return at(weight, newPhase, nowMillis);
    }

    /** Whether people or gates ended it, or it is through. */
    boolean isOver() {
        return phase instanceof Phase.Aborted
                || phase instanceof Phase.Promoted
                || (phase instanceof Phase.Done && weight.basisPoints() == Weight.ALL);
    }
}
