package dev.weir.canary.rollout;

import dev.weir.canary.Weight;

/**
 * What somebody says to a rollout.
 *
 * @param id unique: the same command may come twice, and is obeyed once
 * @param weight wanted of {@link Action#SET}; {@link Weight#NONE} for the others
 * @param by who
 * @param reason why, for people; may be empty
 */
public record Command(String id, String canary, Action action, Weight weight, String by, String reason) {
    /** What may be said. */
    public enum Action {
        /** This weight, and stay there. */
        SET,
        /** Stay at the weight that holds. */
        PAUSE,
        /** Go on; from the first step after an abort. */
        RESUME,
        /** Everything to the canary. */
        PROMOTE,
        /** Nothing to the canary. */
        ABORT
    }

    Cause cause() {
        return new Cause(Cause.Kind.PERSON, by, reason);
    }
}
