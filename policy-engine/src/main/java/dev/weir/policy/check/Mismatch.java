package dev.weir.policy.check;

import dev.weir.policy.compile.CompiledRule;
import dev.weir.policy.decide.Names;
import dev.weir.policy.model.Circumstances;
import dev.weir.policy.model.Condition;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Grant;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Rule;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * In what a rule and a question do not fit.
 *
 * @param service the caller's Service, or empty
 */
record Mismatch(String service, Circumstances circumstances, Query.Step step, Instant now) {
    // one thing that does not fit weighs more than any way in which it does not
    private static final int WEIGHT = 1_000;
    private static final int PER_EDIT = 10;
    // a name that is a few edits away is nearer than another operation, and that is nearer than another caller
    private static final int OTHER_OPERATION = 35;
    private static final int OTHER_CALLER = 55;

    /** The smaller, the nearer: how many things do not fit, and then in which way. */
    int score(CompiledRule compiled) {
        Rule rule = compiled.rule();
        int score = reasons(compiled).size() * WEIGHT;
        score += rule.callers().include(service, rule.effect()) ? 0 : OTHER_CALLER;
        Optional<Grant> grant = bestGrant(rule);
        if (grant.isEmpty()) {
            return score + WEIGHT / 2;
        }
        boolean operation = CompiledRule.operations(rule, grant.get()).contains(step.operation());
        return score + (operation ? 0 : OTHER_OPERATION) + Math.min(WEIGHT / 2, distance(grant.get()) * PER_EDIT);
    }

    /** What does not fit, one sentence each; why it still did not decide if everything does. */
    List<String> reasons(CompiledRule compiled) {
        Rule rule = compiled.rule();
        List<String> reasons = new ArrayList<>();
        if (!rule.callers().include(service, rule.effect())) {
            reasons.add(caller(rule));
        }
        Optional<Grant> best = bestGrant(rule);
        if (best.isEmpty()) {
            reasons.add("it is not about a " + Words.of(step.type()));
        } else {
            addGrantReasons(rule, best.get(), reasons);
        }
        rule.when().ifPresent(when -> addConditionReason(rule, when, reasons));
        if (rule.isExpired(now)) {
            reasons.add("it expired at " + rule.expires().map(Instant::toString).orElse(""));
        }
        if (compiled.mode() == Mode.DRY_RUN && rule.effect() == Effect.ALLOW) {
            reasons.add("its mode is dry-run, and a dry-run allow grants nothing");
        }
        if (reasons.isEmpty()) {
            reasons.add(rule.effect() == Effect.ALLOW ? "it matches, but a deny beats it" : "it matches");
        }
        return reasons;
    }

    private void addGrantReasons(Rule rule, Grant grant, List<String> reasons) {
        if (!matches(rule, grant.pattern())) {
            String patterns = rule.grants().stream()
                    .filter(other -> other.type() == step.type())
                    .map(other -> other.pattern().toString())
                    .distinct()
                    .limit(5)
                    .collect(Collectors.joining(", "));
            reasons.add(
                    grant.pattern().matches(step.name())
                            ? "its pattern " + grant.pattern()
                                    + " does not match Kafka's internal topics; name the topic"
                            : "it is about " + Words.of(step.type()) + " " + patterns + ", not about " + step.name());
        }
        if (!CompiledRule.operations(rule, grant).contains(step.operation())) {
            String verb = rule.effect() == Effect.ALLOW ? "allows " : "denies ";
            reasons.add("it " + verb + String.join(", ", rule.actions()) + ", not " + Words.of(step.operation()));
        }
    }

    private void addConditionReason(Rule rule, Condition when, List<String> reasons) {
        if (when.applies(circumstances, rule.effect())) {
            return;
        }
        reasons.add(
                when.outcome(circumstances) == Condition.Outcome.UNKNOWN
                        ? "its when: asks for what is not known of the caller"
                        : "its when: does not hold for the caller");
    }

    private String caller(Rule rule) {
        String who = service.isEmpty() ? "a caller that is no Service" : service;
        if (rule.callers().everyone()) {
            return service.isEmpty() ? "its * means every declared Service, not " + who : "it is for all except " + who;
        }
        return "it is for " + rule.callers().services().stream().sorted().collect(Collectors.joining(", "))
                + ", not for " + who;
    }

    /** The grant of the asked-for type that fits best. */
    private Optional<Grant> bestGrant(Rule rule) {
        return rule.grants().stream()
                .filter(grant -> grant.type() == step.type())
                .min(Comparator.comparing((Grant grant) -> !matches(rule, grant.pattern()))
                        .thenComparing(
                                grant -> !CompiledRule.operations(rule, grant).contains(step.operation()))
                        .thenComparingInt(this::distance));
    }

    private boolean matches(Rule rule, NamePattern pattern) {
        boolean closed =
                rule.effect() == Effect.ALLOW && pattern.prefix() && Names.isInternal(step.type(), step.name());
        return pattern.matches(step.name()) && !closed;
    }

    private int distance(Grant grant) {
        return grant.pattern().matches(step.name())
                ? 0
                : Math.min(WEIGHT, Nearest.distance(grant.pattern().text(), step.name()));
    }
}
