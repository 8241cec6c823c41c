package dev.weir.policy.store;

import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.yaml.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known about the policy in force, and about the last attempt to get a newer one.
 *
 * @param source for people, without credentials
 * @param revision the revision in force; {@code none} until there is a first good one, and nothing is open then
 * @param since when it came into force
 * @param rules how many rules it has
 * @param state how the last attempt ended
 * @param attempted the revision that was last read, good or bad; empty before the first
 * @param attemptedAt when the source was last read, or tried to be
 * @param problems why the attempted revision was not taken
 * @param error why the source could not be read, or empty
 * @param notice what else the operator should know, such as a rewritten history, or empty
 * @param failures failed attempts since the last good one
 */
public record PolicyStatus(
        String source,
        String revision,
        Instant since,
        int rules,
        State state,
        String attempted,
        Optional<Instant> attemptedAt,
        List<Problem> problems,
        String error,
        String notice,
        long failures) {

    /** How the last attempt ended. */
    public enum State {
        /** There has been none yet. */
        STARTING,
        /** What the source holds is in force. */
        IN_SYNC,
        /** The source was read; what it holds was refused, and what was in force stays. */
        REFUSED,
        /** The source could not be read; what was in force stays. */
        UNREADABLE
    }

    public PolicyStatus {
        problems = List.copyOf(problems);
    }

    /** Whether a policy has ever come into force. */
    public boolean isReady() {
        return !revision.equals(CompiledSnapshot.NO_REVISION);
    }
}
