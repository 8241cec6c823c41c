package dev.weir.cli.policy;

import dev.weir.cli.policy.Interventions.Intervention;
import dev.weir.cli.policy.PolicyExplainCommand.Answer;
import dev.weir.cli.policy.PolicyExplainCommand.InterventionAnswer;
import dev.weir.cli.policy.PolicyExplainCommand.NearAnswer;
import dev.weir.cli.policy.PolicyExplainCommand.StepAnswer;
import dev.weir.policy.check.Explanation;
import dev.weir.policy.check.Outcomes;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An explanation for people, and for programs. */
final class ExplanationText {
    private final PolicyFolder policy;
    private final String service;
    private final Explanation explanation;
    private final List<Intervention> interventions;

    ExplanationText(PolicyFolder policy, String service, Explanation explanation, List<Intervention> interventions) {
        this.policy = policy;
        this.service = service;
        this.explanation = explanation;
        this.interventions = interventions;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(service + ", " + explanation.query() + ": "
                + Outcomes.word(explanation.deciding().decision()).toUpperCase(Locale.ROOT));
        if (explanation.services().isEmpty()) {
            lines.add("  \"" + service + "\" is no Service of this policy; only rules for everybody apply.");
        }
        for (Explanation.Step step : explanation.steps()) {
            lines.add("  " + Words.of(step.question().operation()) + " "
                    + Words.of(step.question().type()) + " "
                    + step.question().name() + ": " + Outcomes.word(step.decision()) + " by "
                    + shown(step.decision().rule()));
            step.nearest().ifPresent(near -> {
                lines.add("    nearest rule that would decide otherwise: " + shown(near.rule()));
                near.reasons().forEach(reason -> lines.add("      - " + reason));
            });
        }
        interventions.forEach(one -> lines.add(
                "  " + one.kind() + (one.dryRun() ? " in dry-run" : "") + " " + shown(one.rule()) + ": " + one.what()));
        return lines;
    }

    Answer answer() {
        List<StepAnswer> steps = explanation.steps().stream()
                .map(step -> new StepAnswer(
                        Words.of(step.question().type()),
                        step.question().name(),
                        Words.of(step.question().operation()),
                        Outcomes.word(step.decision()),
                        step.decision().rule().id(),
                        policy.pathOf(step.decision().rule().file()),
                        step.decision().rule().line(),
                        step.nearest().map(this::near).orElse(null)))
                .toList();
        return new Answer(
                service,
                explanation.query().toString(),
                Outcomes.word(explanation.deciding().decision()),
                steps,
                interventions.stream().map(this::meets).toList());
    }

    private InterventionAnswer meets(Intervention one) {
        return new InterventionAnswer(
                one.kind(),
                one.rule().id(),
                policy.pathOf(one.rule().file()),
                one.rule().line(),
                one.what(),
                Words.of(one.dryRun() ? Mode.DRY_RUN : Mode.ENFORCE));
    }

    private NearAnswer near(Explanation.NearMiss near) {
        return new NearAnswer(
                near.rule().id(), policy.pathOf(near.rule().file()), near.rule().line(), near.reasons());
    }

    private String shown(RuleRef rule) {
        return rule.file().isEmpty()
                ? rule.id() + " (built in)"
                : rule.id() + " (" + policy.pathOf(rule.file()) + ":" + rule.line() + ")";
    }
}
