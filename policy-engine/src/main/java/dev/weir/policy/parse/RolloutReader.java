package dev.weir.policy.parse;

import dev.weir.canary.Weight;
import dev.weir.policy.decide.CanaryPolicy.Gates;
import dev.weir.policy.decide.CanaryPolicy.OnFailure;
import dev.weir.policy.decide.CanaryPolicy.Step;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The weight of a {@code Canary}, or the steps in which it grows and what has to hold meanwhile.
 *
 * @param weight empty where steps are named
 * @param steps empty where a weight is named
 */
record RolloutReader(Optional<Weight> weight, List<Step> steps, Optional<Gates> gates) {
    private static final Map<String, OnFailure> ON_FAILURE = Map.of("abort", OnFailure.ABORT, "pause", OnFailure.PAUSE);
    private static final Duration HOLD_MIN = Duration.ofSeconds(1);
    private static final Duration HOLD_MAX = Duration.ofDays(30);
    private static final Duration TIME_MIN = Duration.ofMillis(1);
    private static final Duration TIME_MAX = Duration.ofDays(1);
    private static final long RECORDS_DEFAULT = 100;
    private static final int REBALANCES_MAX = 100;
    private static final List<String> GATES =
            List.of("timeLag", "errorShare", "deadLetterShare", "processingTime", "rebalances");

    /** Of a shadow: it reads everything from its beginning to its end. */
    static RolloutReader none(YamlObject spec) {
        for (String key : List.of("weight", "steps", "gates", "handover")) {
            if (spec.has(key)) {
                spec.problems()
                        .add(
                                spec.at(key),
                                "a shadow reads everything: it has no weight, and nothing that changes sides",
                                '"' + key + "\" with strategy: shadow",
                                "no " + key + ", or another strategy");
            }
        }
        return new RolloutReader(Optional.empty(), List.of(), Optional.empty());
    }

    static RolloutReader read(YamlObject spec) {
        boolean stepped = spec.has("steps");
        if (stepped == spec.has("weight")) {
            spec.problems()
                    .add(
                            spec.at("steps"),
                            "a canary has one weight, or steps in which it grows",
                            stepped ? "weight and steps" : "neither",
                            "weight or steps");
        }
        if (spec.has("gates") && !stepped) {
            spec.problems().add(spec.at("gates"), "gates stand between steps", "gates without steps", "steps");
        }
        return new RolloutReader(
                spec.measure("weight").flatMap(text -> weight(text, spec)),
                stepped ? steps(spec) : List.of(),
                spec.object("gates", RolloutReader::gates));
    }

    private static Optional<Weight> weight(Text written, YamlObject object) {
        try {
            return Optional.of(Weight.parse(written.value()));
        } catch (IllegalArgumentException e) {
            object.problems()
                    .add(
                            written.at(),
                            "not a weight",
                            '"' + written.value() + '"',
                            "a percentage from 0% to 100% with at most two decimals, such as 10% or 0.5%");
            return Optional.empty();
        }
    }

    private static List<Step> steps(YamlObject spec) {
        List<YamlValue> written = spec.requiredValues("steps", "at least one step");
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            boolean last = i == written.size() - 1;
            YamlValue value = written.get(i);
            value.object(step -> step(step, last)).ifPresent(step -> add(steps, step, value, spec));
        }
        return steps;
    }

    private static Step step(YamlObject step, boolean last) {
        Text written = step.requiredMeasure("weight");
        if (!last && !step.has("hold")) {
            step.problems()
                    .add(
                            step.at(),
                            "only the last step has nothing to wait for",
                            "a step without \"hold\"",
                            "hold: 10m, or another length of time");
        }
        Optional<Duration> hold =
                step.has("hold") ? Optional.of(step.duration("hold", HOLD_MIN, HOLD_MAX, HOLD_MIN)) : Optional.empty();
        Weight weight = written.isEmpty() ? Weight.NONE : weight(written, step).orElse(Weight.NONE);
        return new Step(weight, hold);
    }

    private static void add(List<Step> steps, Step step, YamlValue at, YamlObject spec) {
        if (!steps.isEmpty()) {
            Weight before = steps.get(steps.size() - 1).weight();
            if (step.weight().compareTo(before) <= 0) {
                spec.problems()
                        .add(
                                at.at(),
                                "weights of steps ascend",
                                step.weight() + " after " + before,
                                "more than " + before);
            }
        }
        steps.add(step);
    }

    private static Gates gates(YamlObject gates) {
        if (GATES.stream().noneMatch(gates::has)) {
            gates.problems().add(gates.at(), "no gate is named", "none", "one of " + String.join(", ", GATES));
        }
        return new Gates(
                time(gates, "timeLag"),
                share(gates, "errorShare"),
                share(gates, "deadLetterShare"),
                time(gates, "processingTime"),
                gates.has("rebalances")
                        ? OptionalInt.of((int) gates.integer("rebalances", 0, REBALANCES_MAX, 0))
                        : OptionalInt.empty(),
                gates.integer("records", 1, Long.MAX_VALUE, RECORDS_DEFAULT),
                gates.choice("onFailure", ON_FAILURE).orElse(OnFailure.ABORT));
    }

    private static Optional<Duration> time(YamlObject gates, String key) {
        return gates.has(key) ? Optional.of(gates.duration(key, TIME_MIN, TIME_MAX, TIME_MIN)) : Optional.empty();
    }

    private static Optional<BigDecimal> share(YamlObject gates, String key) {
        Optional<Text> written = gates.measure(key);
        Optional<BigDecimal> share = written.flatMap(text -> Shares.read(text, "a share", gates.problems()));
        share.filter(value -> value.compareTo(BigDecimal.ONE) >= 0)
                .ifPresent(value -> gates.problems()
                        .add(
                                gates.at(key),
                                "a gate that lets everything through could never close",
                                written.map(Text::value).orElse(""),
                                "less than 100%"));
        return share;
    }
}
