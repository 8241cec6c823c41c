package dev.weir.policy.parse;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.policy.decide.Mirroring.Target;
import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Mirror;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the {@code spec} of a {@code Mirror}. */
final class MirrorReader {
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{0,249}");
    /** After a mistake: it leads nowhere. */
    private static final Target NOWHERE = new Target("?", Target.SOURCE);

    private static final int PARTITIONS_MAX = 100_000;
    private static final Map<String, Boolean> TRANSACTIONS = Map.of("refuse", false, "uncommitted", true);

    private MirrorReader() {}

    static Mirror read(Metadata metadata, YamlObject spec) {
        return new Mirror(
                metadata.name().value(),
                metadata.owner(),
                Patterns.required(spec, "topics", ResourceType.TOPIC),
                spec.requiredObject("to", MirrorReader::target).orElse(NOWHERE),
                selection(spec),
                spec.object("create", MirrorReader::creation),
                spec.choice("transactions", TRANSACTIONS).orElse(false),
                metadata.name().at());
    }

    private static Target target(YamlObject to) {
        String cluster = to.text("cluster").map(Text::value).orElse(null);
        if (cluster == null && !to.has("topic")) {
            to.problems().add(to.at(), "a topic cannot be mirrored onto itself", "neither", "cluster or topic");
            return NOWHERE;
        }
        return new Target(
                cluster, to.text("topic").map(topic -> topic(to, topic)).orElse(Target.SOURCE));
    }

    private static String topic(YamlObject to, Text written) {
        int place = written.value().indexOf(Target.SOURCE);
        String rest = place < 0
                ? written.value()
                : written.value().substring(0, place) + written.value().substring(place + Target.SOURCE.length());
        boolean named = place >= 0 || !rest.matches("\\.{1,2}");
        if (!TOPIC.matcher(rest).matches() || !named) {
            to.problems()
                    .add(
                            written.at(),
                            "no topic can have this name",
                            '"' + written.value() + '"',
                            "letters, digits, and . _ - (at most 249), with at most one " + Target.SOURCE);
        } else if (Names.isReserved(ResourceType.TOPIC, rest) || Names.isInternal(ResourceType.TOPIC, rest)) {
            to.problems()
                    .add(
                            written.at(),
                            "a topic of Kafka's or Weir's own is no mirror",
                            '"' + written.value() + '"',
                            "another topic");
        }
        return written.value();
    }

    private static Selection selection(YamlObject spec) {
        if (spec.has("share") && spec.has("header")) {
            spec.problems()
                    .add(spec.at("header"), "records are selected by one thing", "share and header", "one of them");
        }
        if (spec.has("header")) {
            return spec.object("header", MirrorReader::header).orElse(new Selection.Header("", Set.of()));
        }
        return spec.measure("share").map(share -> share(spec, share)).orElse(new Selection.All());
    }

    private static Selection header(YamlObject header) {
        Text name = header.requiredText("name");
        Set<String> values = new TreeSet<>();
        header.requiredValues("values", "at least one value")
                .forEach(value -> value.text().map(Text::value).ifPresent(values::add));
        return new Selection.Header(name.value(), values);
    }

    private static Selection share(YamlObject spec, Text written) {
        int basisPoints = Shares.basisPoints(written, spec.problems());
        return basisPoints == Shares.ALL_BASIS_POINTS ? new Selection.All() : new Selection.Share(basisPoints);
    }

    private static Mirroring.Creation creation(YamlObject create) {
        return new Mirroring.Creation((int) create.integer("partitions", 1, PARTITIONS_MAX, 0), (int)
                create.integer("replicationFactor", 1, Short.MAX_VALUE, 0));
    }
}
