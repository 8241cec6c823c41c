package dev.weir.policy.check;

import dev.weir.policy.compile.CompiledRule;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Condition;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Rule;
import java.time.Instant;
import java.util.List;

/**
 * What Services may do, asked about traffic that was seen from afar: not all that a {@code when:} asks for is known of
 * it. Immutable; any thread.
 */
public final class Reach {
    private final CompiledSnapshot snapshot;
    private final List<CompiledRule> conditional;

    /** What can be said. */
    public enum Answer {
        YES,
        NO,
        /** A condition settles it, on something that is not known. */
        DEPENDS
    }

    /**
     * An answer, and the decision as it is where nothing unknown speaks for the caller.
     */
    public record Verdict(Answer answer, Decision decision) {}

    /** @param now rules that have expired by then do not count */
    public Reach(CompiledSnapshot snapshot, Instant now) {
        this.snapshot = snapshot;
        this.conditional = snapshot.rules().stream()
                .filter(rule -> rule.rule().when().isPresent())
                .filter(rule -> !rule.rule().isExpired(now))
                .toList();
    }

    /**
     * Whether a Service may do something.
     *
     * @param service its name; one that is not declared is nobody
     * @param circumstances what is known
     */
    public Verdict ask(String service, Circumstances circumstances, Query query) {
        Decision decision = Outcomes.decide(snapshot.authorizer(service, circumstances), query);
        if (decision.allowed()) {
            // what is unknown matches every deny and fails every allow, so that nothing can take this back
            return new Verdict(Answer.YES, decision);
        }
        boolean depends = conditional.stream().anyMatch(rule -> isOpen(rule.rule(), service, circumstances, query));
        return new Verdict(depends ? Answer.DEPENDS : Answer.NO, decision);
    }

    private static boolean isOpen(Rule rule, String service, Circumstances circumstances, Query query) {
        return rule.callers().include(service, rule.effect())
                && rule.when().map(when -> when.outcome(circumstances)).orElse(Condition.Outcome.HOLDS)
                        == Condition.Outcome.UNKNOWN
                && query.steps().stream()
                        .anyMatch(step -> rule.grants().stream()
                                .anyMatch(grant -> grant.type() == step.type()
                                        && grant.pattern().matches(step.name())
                                        && CompiledRule.operations(rule, grant).contains(step.operation())));
    }
}
