package dev.weir.policy.check;

import dev.weir.mesh.Subject;
import dev.weir.policy.compile.CompiledRule;
import dev.weir.policy.compile.CompiledSnapshot;
import dev.weir.policy.decide.Authorizer;
import dev.weir.policy.decide.BuiltInRules;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.PolicyTest;
import dev.weir.policy.model.Query;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says why a decision is what it is, and which rule came nearest to making it another. */
public final class Explainer {
    private final CompiledSnapshot snapshot;
    private final Instant now;

    /**
     * @param now the instant at which rules count as expired
     */
    public Explainer(CompiledSnapshot snapshot, Instant now) {
        this.snapshot = snapshot;
        this.now = now;
    }

    /**
     * For a caller by name, of whom only so much is known.
     *
     * @param service a Service's name, {@code anonymous}, or anything else for a caller that is no Service
     * @param circumstances what is known of the caller; a {@code when:} on the rest cannot be evaluated
     */
    public Explanation explain(String service, Circumstances circumstances, Query query) {
        boolean anonymous = service.equals(PolicyTest.ANONYMOUS);
        Authorizer authorizer =
                anonymous ? snapshot.anonymous(circumstances) : snapshot.authorizer(service, circumstances);
        return explain(authorizer, authorizer.service().map(Set::of).orElse(Set.of()), circumstances, query);
    }

    /** As the proxy would decide for this peer. */
    public Explanation explain(Subject subject, String clientId, Query query) {
        Authorizer authorizer = snapshot.authorizer(subject, clientId);
        return explain(authorizer, snapshot.services(subject), Circumstances.of(subject, clientId), query);
    }

    private Explanation explain(Authorizer authorizer, Set<String> services, Circumstances circumstances, Query query) {
        String service = authorizer.service().orElse("");
        List<Explanation.Step> steps = query.steps().stream()
                .map(step -> {
                    Decision decision = authorizer.decide(step.type(), step.name(), step.operation());
                    Mismatch mismatch = new Mismatch(service, circumstances, step, now);
                    return new Explanation.Step(step, decision, nearest(decision, mismatch));
                })
                .toList();
        return new Explanation(services, query, steps);
    }

    private Optional<Explanation.NearMiss> nearest(Decision decision, Mismatch mismatch) {
        if (decision.rule().id().equals(BuiltInRules.RESERVED_NAME)) {
            return Optional.empty();
        }
        return snapshot.rules().stream()
                .filter(rule -> rule.isDeny() == decision.allowed())
                .map(rule -> new Scored(rule, mismatch.score(rule)))
                .min(Comparator.comparingInt(Scored::score))
                .map(scored -> new Explanation.NearMiss(
                        scored.rule.decision().rule(), scored.rule.rule().effect(), mismatch.reasons(scored.rule)));
    }

    private record Scored(CompiledRule rule, int score) {}
}
