package dev.weir.policy.check;

import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.model.Query;

/** Decisions on whole questions, and words for them. */
public final class Outcomes {
    private Outcomes() {}

    /** The decision on the first step that is not allowed, or on the last if all are. */
    public static Decision decide(Authorizer authorizer, Query query) {
        Decision decision = null;
        for (Query.Step step : query.steps()) {
            decision = authorizer.decide(step.type(), step.name(), step.operation());
            if (!decision.allowed()) {
                return decision;
            }
        }
        if (decision == null) {
            throw new IllegalArgumentException("a question without steps");
        }
        return decision;
    }

    /** {@code allow}, {@code deny}, or {@code dry-run} for a denial that passes. */
    public static String word(Decision decision) {
        if (decision.allowed()) {
            return "allow";
        }
        return decision.enforced() ? "deny" : "dry-run";
    }
}
