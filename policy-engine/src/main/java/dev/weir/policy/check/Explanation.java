package dev.weir.policy.check;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Query;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why somebody may or may not do something.
 *
 * @param services the Services that the caller's identities belong to; more than one is refused
 * @param steps the operations that the question comes to, each with its decision
 */
public record Explanation(Set<String> services, Query query, List<Step> steps) {

    /**
     * One operation of the question.
     *
     * @param nearest the nearest rule that would have decided otherwise, and why it did not
     */
    public record Step(Query.Step question, Decision decision, Optional<NearMiss> nearest) {}

    /**
     * A rule that did not decide.
     *
     * @param reasons what would have to be different, one sentence each; never empty
     */
    public record NearMiss(RuleRef rule, Effect effect, List<String> reasons) {
        public NearMiss {
            reasons = List.copyOf(reasons);
        }
    }

    public Explanation {
        services = Set.copyOf(services);
        steps = List.copyOf(steps);
    }

    /** The step that settles the question: the first that is not allowed, or the last if all are. */
    public Step deciding() {
        return steps.stream()
                .filter(step -> !step.decision().allowed())
                .findFirst()
                .orElseGet(() -> steps.get(steps.size() - 1));
    }
}
