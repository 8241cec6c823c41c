package dev.weir.cli.demo;

import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.telemetry.Denial;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Turns thousands of decisions into the few lines worth reading: one when a service is first allowed or denied
 * something, and one whenever that changes. Any thread, event loops too: it hands lines on and never blocks.
 */
final class DecisionLog {
    /** More than a person reads; a client that tries name after name does not fill memory. */
    private static final int SUBJECTS_MAX = 1_000;

    private final Map<Subject, Verdict> last = new ConcurrentHashMap<>();
    private final List<Flow> flows;
    private final Decider decider;
    private final Consumer<String> lines;

    /** Asks the policy in force; without a trace in any counter. */
    interface Decider {
        String revision();

        Decision decide(Flow flow);
    }

    /**
     * @param flows what the sample services do; their denials are shown as this, whatever Kafka request was denied
     * @param lines takes each line to show
     */
    DecisionLog(List<Flow> flows, Decider decider, Consumer<String> lines) {
        this.flows = List.copyOf(flows);
        this.decider = decider;
        this.lines = lines;
    }

    /** A sample service got a record through. */
    void passed(Flow flow) {
        Subject subject = new Subject(flow.service(), flow.action().word(), flow.topic());
        Verdict before = last.get(subject);
        // one look per record, a decision only when policy may have changed
        if (before == null || !before.revision.equals(decider.revision())) {
            String revision = decider.revision();
            Decision decision = decider.decide(flow);
            if (decision.passes()) {
                show(subject, Verdict.of(decision, revision));
            }
        }
    }

    /** Weir denied somebody something. */
    void denied(Denial denial) {
        String who = denial.service().orElse(denial.principal().name());
        String revision = denial.decision().rule().revision();
        for (Flow flow : flows) {
            boolean sample = denial.clientId().startsWith(flow.service() + "-");
            if (sample
                    && flow.service().equals(who)
                    && denial.resource() == ResourceType.TOPIC
                    && flow.topic().equals(denial.name())) {
                Decision decision = decider.decide(flow);
                if (!decision.allowed()) {
                    show(
                            new Subject(who, flow.action().word(), flow.topic()),
                            Verdict.of(decision, decider.revision()));
                }
                return;
            }
        }
        String action = denial.operation().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String resource = denial.resource() == ResourceType.TOPIC
                ? denial.name()
                : denial.resource().name().toLowerCase(Locale.ROOT).replace('_', '-') + " " + denial.name();
        show(new Subject(who, action, resource), Verdict.of(denial.decision(), revision));
    }

    private void show(Subject subject, Verdict verdict) {
        if (last.size() >= SUBJECTS_MAX && !last.containsKey(subject)) {
            return;
        }
        Verdict before = last.put(subject, verdict);
        if (before == null || !before.looksLike(verdict)) {
            lines.accept(String.format(
                    "%-8s %-10s %-8s %-12s %s",
                    verdict.word, subject.service, subject.action, subject.resource, verdict.reason()));
        }
    }

    private record Subject(String service, String action, String resource) {}

    private record Verdict(String word, RuleRef rule, String revision) {
        static Verdict of(Decision decision, String revision) {
            String word = decision.allowed() ? "allowed" : decision.enforced() ? "DENIED" : "dry-run";
            return new Verdict(word, decision.rule(), revision);
        }

        boolean looksLike(Verdict other) {
            return word.equals(other.word) && rule.id().equals(other.rule.id());
        }

        String reason() {
            return word.equals("dry-run") ? "passes; would be denied by " + rule : "by " + rule;
        }
    }
}
