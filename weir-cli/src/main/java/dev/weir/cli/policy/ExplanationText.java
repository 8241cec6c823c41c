package dev.weir.cli.policy;

import dev.weir.cli.policy.PolicyExplainCommand.Answer;
import dev.weir.cli.policy.PolicyExplainCommand.NearAnswer;
import dev.weir.cli.policy.PolicyExplainCommand.StepAnswer;
import dev.weir.policy.check.Explanation;
import dev.weir.policy.check.Outcomes;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.model.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An explanation for people, and for programs. */
final class ExplanationText {
    private final PolicyFolder policy;
    private final String service;
    private final Explanation explanation;

    ExplanationText(PolicyFolder policy, String service, Explanation explanation) {
        this.policy = policy;
        this.service = service;
        this.explanation = explanation;
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
                steps);
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
