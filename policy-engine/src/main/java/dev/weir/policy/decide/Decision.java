package dev.weir.policy.decide;

/**
 * What policy says to one operation on one resource. Made when policy is compiled, not when it is asked.
 *
 * @param allowed what the rules say
 * @param enforced whether a denial is to be carried out; {@code false} in dry-run, where a denial is counted and the
 *     traffic passes
 * @param rule the rule that decided
 */
public record Decision(boolean allowed, boolean enforced, RuleRef rule) {

    /** Whether the operation goes on: it is allowed, or its denial is dry-run. */
    public boolean passes() {
        return allowed || !enforced;
    }

    /** Whether this is a denial that only dry-run lets pass. */
    public boolean dryRunDenied() {
        return !allowed && !enforced;
    }
}
