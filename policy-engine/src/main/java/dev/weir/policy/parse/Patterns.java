package dev.weir.policy.parse;

import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.NamePattern;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.policy.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads names and patterns of names, and refuses those that could never match. */
final class Patterns {
    // the length of a string in Kafka's protocol is a signed 16-bit number
    private static final int NAME_MAX = Short.MAX_VALUE;
    // org.apache.kafka.common.internals.Topic: letters, digits, and . _ -, at most 249
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{0,249}");

    private Patterns() {}

    /** A name, or a prefix with one asterisk at its end. */
    static Optional<NamePattern> read(Text written, Problems problems) {
        NamePattern pattern = NamePattern.parse(written.value());
        if (pattern.text().contains("*") && !written.value().endsWith("\\*")) {
            String expected = "a name, or a prefix with one * at its end";
            problems.add(written.at(), "* stands in the middle", '"' + written.value() + '"', expected);
            return Optional.empty();
        }
        if (pattern.text().length() > NAME_MAX) {
            String found = pattern.text().length() + " characters";
            problems.add(written.at(), "no name can be that long", found, "at most " + NAME_MAX);
            return Optional.empty();
        }
        return Optional.of(pattern);
    }

    /** The patterns of a list that is there and not empty. */
    static List<NamePattern> required(YamlObject object, String key, ResourceType type) {
        return read(
                object,
                object.requiredValues(key, "at least one name or prefix").stream()
                        .flatMap(value -> value.text().stream())
                        .toList(),
                type);
    }

    /** The patterns of a list, which must not be empty if it is there. */
    static List<NamePattern> optional(YamlObject object, String key, ResourceType type) {
        return object.has(key) ? required(object, key, type) : List.of();
    }

    /** One name, which no asterisk makes a prefix. */
    static Optional<NamePattern> name(YamlObject object, String key, ResourceType type) {
        List<NamePattern> legal = read(object, object.text(key).stream().toList(), type);
        if (legal.isEmpty() || (!legal.get(0).prefix() && !legal.get(0).text().isEmpty())) {
            return legal.stream().findFirst();
        }
        object.problems()
                .add(
                        object.at(key),
                        "one " + Words.of(type) + " is meant",
                        '"' + legal.get(0).toString() + '"',
                        "a name");
        return Optional.empty();
    }

    /** The names of a list that is there and not empty, with their places; no asterisk makes one a prefix. */
    static List<Text> requiredNames(YamlObject object, String key, ResourceType type) {
        List<Text> names = new ArrayList<>();
        for (YamlValue value : object.requiredValues(key, "at least one name")) {
            value.text().ifPresent(text -> {
                List<NamePattern> legal = read(object, List.of(text), type);
                if (legal.stream().anyMatch(NamePattern::prefix)) {
                    object.problems()
                            .add(text.at(), "one " + Words.of(type) + " is meant", '"' + text.value() + '"', "a name");
                } else {
                    legal.forEach(name -> names.add(new Text(name.text(), text.at())));
                }
            });
        }
        return List.copyOf(names);
    }

    private static List<NamePattern> read(YamlObject object, List<Text> texts, ResourceType type) {
        List<NamePattern> patterns = new ArrayList<>();
        for (Text text : texts) {
            read(text, object.problems())
                    .filter(pattern -> isLegal(pattern, text, type, object.problems()))
                    .ifPresent(patterns::add);
        }
        return List.copyOf(patterns);
    }

    private static boolean isLegal(NamePattern pattern, Text text, ResourceType type, Problems problems) {
        boolean reserved = pattern.prefix()
                ? pattern.text().startsWith(Names.RESERVED_PREFIX) && Names.isReserved(type, pattern.text())
                : Names.isReserved(type, pattern.text());
        if (reserved) {
            problems.add(
                    text.at(),
                    "reserved name: names that start with " + Names.RESERVED_PREFIX + " or end with "
                            + Names.RESERVED_SUFFIX + " are Weir's own, and no rule can open them",
                    '"' + text.value() + '"',
                    "another " + Words.of(type));
            return false;
        }
        if (type == ResourceType.TOPIC && !TOPIC.matcher(pattern.text()).matches()) {
            String expected = "letters, digits, and . _ - (at most 249), with * at the end for a prefix";
            problems.add(text.at(), "no topic can have this name", '"' + text.value() + '"', expected);
            return false;
        }
        return true;
    }
}
