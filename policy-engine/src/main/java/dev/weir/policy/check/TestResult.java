package dev.weir.policy.check;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.model.PolicyTest;

/** How one of policy's own tests came out. */
public record TestResult(PolicyTest test, Decision decision, boolean passed) {

    /** {@code as checkout: produce topic orders}. */
    public String title() {
        return "as " + test.as() + ": " + test.query();
    }

    /** What the decision was, in words: {@code deny by default-deny}. */
    public String outcome() {
        return Outcomes.word(decision) + " by " + decision.rule();
    }

    /** What it should have been: {@code allow by orders/write}. */
    public String expected() {
        String word = switch (test.expect()) {
            case ALLOW -> "allow";
            case DENY -> "deny";
            case DRY_RUN -> "dry-run";
        };
        return word + test.by().map(rule -> " by " + rule).orElse("");
    }
}
