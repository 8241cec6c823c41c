package dev.weir.policy.parse;

import dev.weir.canary.Handover;
import dev.weir.policy.decide.CanaryPolicy.Match;
import dev.weir.policy.decide.CanaryPolicy.Strategy;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Canary;
import dev.weir.policy.model.Mode;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code spec} of a {@code Canary}; how its weight grows, in {@link RolloutReader}. */
final class CanaryReader {
    private static final Map<String, Strategy> STRATEGIES = Map.of(
            "slice", Strategy.SLICE,
            "shadow", Strategy.SHADOW,
            "partition", Strategy.PARTITION,
            "match", Strategy.MATCH);
    private static final Map<String, Handover> HANDOVERS =
            Map.of("ordered", Handover.ORDERED, "unordered", Handover.UNORDERED);

    private final Metadata metadata;
    private final References references;

    CanaryReader(Metadata metadata, References references) {
        this.metadata = metadata;
        this.references = references;
    }

    Canary read(YamlObject spec) {
        Strategy strategy = spec.choice("strategy", STRATEGIES).orElse(Strategy.SLICE);
        refuseDryRun(spec);
        boolean shadow = strategy == Strategy.SHADOW;
        RolloutReader rollout = shadow ? RolloutReader.none(spec) : RolloutReader.read(spec);
        return new Canary(
                metadata.name().value(),
                metadata.owner(),
                group(spec),
                Patterns.requiredNames(spec, "topics", ResourceType.TOPIC),
                selector(spec, "stable"),
                selector(spec, "canary"),
                strategy,
                match(spec, strategy),
                redirect(spec, shadow),
                spec.choice("handover", HANDOVERS).orElse(Handover.ORDERED),
                rollout.weight(),
                rollout.steps(),
                rollout.gates(),
                metadata.name().at());
    }

    private static Text group(YamlObject spec) {
        Text written = spec.requiredText("group");
        return written.isEmpty()
                ? written
                : Patterns.name(spec, "group", ResourceType.GROUP)
                        .map(name -> new Text(name.text(), written.at()))
                        .orElse(new Text("", written.at()));
    }

    /** The topics that a shadow may write to; without any it writes nothing. */
    private static List<Text> redirect(YamlObject spec, boolean shadow) {
        if (!spec.has("redirect")) {
            return List.of();
        }
        if (!shadow) {
            spec.problems()
                    .add(
                            spec.at("redirect"),
                            "only what a shadow writes goes elsewhere",
                            "\"redirect\" without strategy: shadow",
                            "both or none");
        }
        return Patterns.requiredNames(spec, "redirect", ResourceType.TOPIC);
    }

    private static void refuseDryRun(YamlObject spec) {
        spec.choice("mode", Words.MODES)
                .filter(mode -> mode == Mode.DRY_RUN)
                .ifPresent(mode -> spec.problems()
                        .add(
                                spec.at("mode"),
                                "a canary cannot be tried dry: its clients either get their share of the records, or they do not",
                                "dry-run",
                                "enforce, or no mode; a weight of 0% gives the canary nothing"));
    }

    private Canary.Selector selector(YamlObject spec, String key) {
        return spec.requiredObject(key, this::selector)
                .orElseGet(() ->
                        new Canary.Selector(new Text("", spec.at()), Optional.empty(), Optional.empty(), spec.at(key)));
    }

    private Canary.Selector selector(YamlObject object) {
        Text service = object.requiredText("service");
        if (!service.isEmpty()) {
            references.service(service);
        }
        Optional<Text> version = object.text("version");
        Optional<NamePattern> clientIds =
                object.text("clientId").flatMap(text -> Patterns.read(text, object.problems()));
        if (object.has("version") == object.has("clientId")) {
            object.problems()
                    .add(
                            object.at("clientId"),
                            "one side of a canary is one version of a Service, or some of its client ids",
                            object.has("version") ? "version and clientId" : "neither",
                            "version or clientId");
        }
        return new Canary.Selector(service, version, clientIds, object.at());
    }

    private static Optional<Match> match(YamlObject spec, Strategy strategy) {
        Optional<Match> match = spec.object("match", CanaryReader::match).flatMap(read -> read);
        boolean matches = strategy == Strategy.MATCH;
        if (matches != spec.has("match")) {
            spec.problems()
                    .add(
                            spec.at(matches ? "strategy" : "match"),
                            "strategy: match and the records that match go together",
                            matches ? "strategy: match without \"match\"" : "\"match\" without strategy: match",
                            "both or none");
        }
        return match;
    }

    private static Optional<Match> match(YamlObject object) {
        boolean keys = object.has("keys");
        if (keys == object.has("header")) {
            object.has("values"); // goes with the header, and is not reported for itself
            object.problems()
                    .add(
                            object.at("header"),
                            "records are matched by their keys or by one header",
                            keys ? "keys and header" : "neither",
                            "keys, or header and values");
            return Optional.empty();
        }
        if (keys) {
            return Optional.of(new Match.Keys(texts(object, "keys")));
        }
        return Optional.of(new Match.Header(object.requiredText("header").value(), texts(object, "values")));
    }

    private static Set<String> texts(YamlObject object, String key) {
        Set<String> texts = new HashSet<>();
        for (YamlValue value : object.requiredValues(key, "at least one")) {
            value.text().ifPresent(text -> texts.add(text.value()));
        }
        return texts;
    }
}
