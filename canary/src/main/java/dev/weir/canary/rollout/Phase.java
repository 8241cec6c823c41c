package dev.weir.canary.rollout;

import org.jspecify.annotations.Nullable;

/**
 * Where a rollout is.
 *
 * <pre>
 *  Waiting --in force--> Holding --hold is over, gates pass--> Waiting (next step) ... Done
 *     |                     |
 *     +---- gate, pause ----+--> Paused --resume--> Waiting
 *     any but Promoted ---- gate, abort --> Aborted --resume--> Waiting (first step)
 *     any but Aborted ----- promote ------> Promoted
 *     any ----------------- set ----------> Paused, at that weight
 * </pre>
 */
public sealed interface Phase {
    /** Who stopped it or ended it; {@code null} for nobody. */
    default @Nullable Cause cause() {
        return null;
    }

    /** The weight of the step is wanted and does not hold yet. */
    record Waiting() implements Phase {}

    /**
     * The weight of the step holds.
     *
     * @param obstacle why it goes on though its time is over; empty before
     */
    record Holding(String obstacle) implements Phase {}

    /** It stays as it is until somebody goes on. */
    record Paused(Cause cause) implements Phase {}

    /** The canary has everything. */
    record Promoted(Cause cause) implements Phase {}

    /** The canary gets nothing new. */
    record Aborted(Cause cause) implements Phase {}

    /** All steps are over. The weight of the last one stays. */
    record Done() implements Phase {}
}
