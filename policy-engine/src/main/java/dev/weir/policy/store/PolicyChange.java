package dev.weir.policy.store;

import dev.weir.policy.yaml.Problem;
import java.util.List;

/**
 * What became of a revision.
 *
 * @param source where it comes from, without credentials
 * @param revision the one that this is about
 * @param author who made its commit; empty where that is not known
 * @param problems why it was refused
 */
public record PolicyChange(Outcome outcome, String source, String revision, String author, List<Problem> problems) {

    /** What came of it. */
    public enum Outcome {
        IN_FORCE,
        /** A rule of the revision in force has expired; the rest of it stays. */
        RULE_EXPIRED,
        /** It has mistakes; what was in force stays. */
        REFUSED
    }

    public PolicyChange {
        problems = List.copyOf(problems);
    }
}
