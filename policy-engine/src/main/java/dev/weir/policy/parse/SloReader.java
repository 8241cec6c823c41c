package dev.weir.policy.parse;

import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Slo;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** Reads the {@code spec} of an {@code Slo}, and refuses objectives whose alerts could never fire. */
final class SloReader {
    // 1 - 1/14.4 is 0.93055...
    private static final String OBJECTIVES = "93.06% to 99.999999%";
    private static final Duration WITHIN_MIN = Duration.ofSeconds(1);
    private static final Duration WITHIN_MAX = Duration.ofDays(1);
    private static final Duration WITHIN_DEFAULT = Duration.ofSeconds(30);
    private static final Duration WINDOW_MIN = Duration.ofMillis(1);
    private static final Duration WINDOW_MAX = Duration.ofDays(30);
    private static final Duration WINDOW_DEFAULT = Duration.ofDays(30);

    private final Metadata metadata;
    private final References references;

    SloReader(Metadata metadata, References references) {
        this.metadata = metadata;
        this.references = references;
    }

    Slo read(YamlObject spec) {
        Optional<Text> service = spec.text("service");
        Optional<Text> group = spec.text("group");
        service.ifPresent(references::service);
        checkWho(spec, group);
        spec.required("within", "a length of time such as 30s");
        return new Slo(
                metadata.name().value(),
                metadata.owner(),
                service.map(Text::value),
                group.map(Text::value),
                spec.text("cluster").map(Text::value),
                Patterns.required(spec, "topics", ResourceType.TOPIC),
                objective(spec),
                spec.duration("within", WITHIN_MIN, WITHIN_MAX, WITHIN_DEFAULT),
                window(spec),
                metadata.name().at());
    }

    private static void checkWho(YamlObject spec, Optional<Text> group) {
        boolean service = spec.has("service");
        if (service == spec.has("group")) {
            String found = service ? "service and group" : "neither";
            spec.problems().add(spec.at("group"), "an objective is about one Service or one group", found, "one");
        }
        group.filter(name -> name.value().endsWith("*") || Names.isReserved(ResourceType.GROUP, name.value()))
                .ifPresent(name -> spec.problems()
                        .add(
                                name.at(),
                                "an objective is about one group",
                                '"' + name.value() + '"',
                                "the name of a group; for all groups of a Service, service"));
    }

    private static BigDecimal objective(YamlObject spec) {
        Text written = spec.requiredMeasure("objective");
        if (written.isEmpty()) {
            return BigDecimal.ZERO;
        }
        return Shares.read(written, "an objective", spec.problems())
                .map(objective -> checked(objective, written, spec))
                .orElse(BigDecimal.ZERO);
    }

    private static BigDecimal checked(BigDecimal objective, Text written, YamlObject spec) {
        String found = '"' + written.value() + '"';
        if (objective.compareTo(BigDecimal.ONE) >= 0) {
            spec.problems()
                    .add(
                            written.at(),
                            "an objective of all records leaves no budget, so there is no burn rate and no alert",
                            found,
                            OBJECTIVES);
        } else if (!Slo.canFire(objective)) {
            BigDecimal needed = Slo.FACTOR_MAX.multiply(BigDecimal.ONE.subtract(objective));
            spec.problems()
                    .add(
                            written.at(),
                            "the fast-burn alert could never fire: it waits for " + Slo.FACTOR_MAX
                                    + " times the share of late records that the objective allows, which is "
                                    + needed.movePointRight(2)
                                            .stripTrailingZeros()
                                            .toPlainString() + "% of all",
                            found,
                            OBJECTIVES);
        }
        return objective;
    }

    private static Duration window(YamlObject spec) {
        int before = spec.problems().count();
        Duration window = spec.duration("window", WINDOW_MIN, WINDOW_MAX, WINDOW_DEFAULT);
        if (spec.problems().count() == before && window.compareTo(Slo.ALERT_WINDOW_MAX) < 0) {
            spec.problems()
                    .add(
                            spec.at("window"),
                            "the window is shorter than the " + Slo.ALERT_WINDOW_MAX.toDays()
                                    + " days over which the slow-burn alert looks, so the budget would be gone before it fires",
                            spec.text("window").map(Text::value).orElse(""),
                            "from " + Slo.ALERT_WINDOW_MAX.toDays() + "d to " + WINDOW_MAX.toDays() + "d");
        }
        return window;
    }
}
