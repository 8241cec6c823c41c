package dev.weir.policy.compile;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Grant;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Rule;
import java.util.Set;

/**
 * A rule with everything that is settled before it is asked.
 *
 * @param mode after precedence
 * @param decision what it says where it decides
 */
public record CompiledRule(Rule rule, Mode mode, Decision decision) {

    static CompiledRule of(Rule rule, Mode mode, String revision) {
        RuleRef reference =
                new RuleRef(rule.reference(), rule.at().file(), rule.at().line(), revision);
        return new CompiledRule(
                rule, mode, new Decision(rule.effect() == Effect.ALLOW, mode == Mode.ENFORCE, reference));
    }

    public boolean isDeny() {
        // of the decision, which is looked at anyway: the rule stands elsewhere in memory
        return !decision.allowed();
    }

    /** The operations that a grant of a rule is about, with those that an allow implies. */
    public static Set<Operation> operations(Rule rule, Grant grant) {
        return rule.effect() == Effect.DENY ? grant.operations() : RuleIndex.withImplied(grant.operations());
    }

    /** Whether it applies to every caller that its index is asked for, so that nothing is left to be checked. */
    boolean isUnconditional() {
        return rule.when().isEmpty() && rule.callers().except().isEmpty();
    }

    /** What is left to be checked: callers that {@code *} leaves out, and the condition. */
    boolean applies(Caller caller) {
        return rule.callers().include(caller.service(), rule.effect())
                && (rule.when().isEmpty() || rule.when().get().applies(caller.circumstances(), rule.effect()));
    }
}
