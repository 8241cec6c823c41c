package dev.weir.policy.yaml;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One value of a YAML file with its position. Each reading method either returns the value as the asked-for type, or
 * reports what was found and expected, and returns nothing.
 */
public final class YamlValue {
    private static final int SHOWN_MAX = 60;

    private final Node node;
    private final Position at;
    private final Problems problems;

    YamlValue(String file, Node node, Problems problems) {
        this.node = node;
        this.problems = problems;
        this.at = node.getStartMark()
                .map(mark -> new Position(file, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(Position.of(file));
    }

    public Position at() {
        return at;
    }

    /** Whether nothing is written: an empty value, {@code null} or {@code ~}. */
    public boolean isNothing() {
        return Tag.NULL.equals(node.getTag());
    }

    public boolean isObject() {
        return node instanceof MappingNode;
    }

    public boolean isList() {
        return node instanceof SequenceNode;
    }

    /** Text. A number or a boolean is not text: it needs quotes, as YAML would read it otherwise. */
    public Optional<Text> text() {
        if (!(node instanceof ScalarNode scalar) || isNothing()) {
            return wrong("text");
        }
        if (!Tag.STR.equals(node.getTag())) {
            return wrong("text; put it in quotes");
        }
        if (scalar.getValue().isEmpty()) {
            return wrong("text that is not empty");
        }
        return Optional.of(new Text(scalar.getValue(), at));
    }

    /** Text, or a bare number, which whoever reads it tells that it needs a unit, and not quotes. */
    Optional<Text> scalar() {
        return node instanceof ScalarNode scalar
                        && !isNothing()
                        && !scalar.getValue().isEmpty()
                ? Optional.of(new Text(scalar.getValue(), at))
                : text();
    }

    public Optional<Boolean> bool() {
        if (node instanceof ScalarNode scalar && Tag.BOOL.equals(node.getTag())) {
            return Optional.of(Boolean.valueOf(scalar.getValue().toLowerCase(Locale.ROOT)));
        }
        return wrong("true or false");
    }

    /** A whole number within both bounds, inclusive. */
    public Optional<Long> integer(long min, long max) {
        if (node instanceof ScalarNode scalar && Tag.INT.equals(node.getTag())) {
            try {
                long value = Long.parseLong(scalar.getValue());
                if (value >= min && value <= max) {
                    return Optional.of(value);
                }
            } catch (NumberFormatException e) {
                // falls through to the same report as any other number out of range
            }
        }
        return wrong("a whole number from " + min + " to " + max);
    }

    /** A length of time within both bounds, inclusive. */
    Optional<Duration> duration(Duration min, Duration max) {
        // also a bare number, which is to be told that it needs a unit, and not quotes
        return node instanceof ScalarNode scalar && !isNothing()
                ? Durations.parse(new Text(scalar.getValue(), at), min, max, problems)
                : wrong(Durations.expected(min, max));
    }

    /** A number of bytes within both bounds, inclusive. */
    Optional<Long> bytes(long min, long max) {
        // also a bare number, as above
        return node instanceof ScalarNode scalar && !isNothing()
                ? ByteSizes.parse(new Text(scalar.getValue(), at), min, max, problems)
                : wrong(ByteSizes.expected(min, max));
    }

    /** One of the named values; a misspelled one is reported with the nearest. */
    public <T> Optional<T> choice(Map<String, T> choices) {
        if (node instanceof ScalarNode scalar && !isNothing()) {
            T value = choices.get(scalar.getValue());
            if (value != null) {
                return Optional.of(value);
            }
            problems.addUnknown("value", new Text(scalar.getValue(), at), choices.keySet());
            return Optional.empty();
        }
        return wrong(oneOf(choices.keySet()));
    }

    /** The elements of a list. */
    public Optional<List<YamlValue>> list() {
        if (!(node instanceof SequenceNode sequence)) {
            return wrong("a list");
        }
        return Optional.of(sequence.getValue().stream()
                .map(element -> new YamlValue(at.file(), element, problems))
                .toList());
    }

    /**
     * An object, read by {@code reader}. Keys that the reader has not asked for are reported as unknown when it
     * returns, so the reader is the list of keys that exist.
     */
    public <T> Optional<T> object(Function<YamlObject, T> reader) {
        if (!(node instanceof MappingNode mapping)) {
            return wrong("an object of keys and values");
        }
        YamlObject object = new YamlObject(at, mapping, problems);
        T value = reader.apply(object);
        object.reportUnknownKeys();
        return Optional.of(value);
    }

    /** What stands here, in a few words, for a person. */
    public String describe() {
        if (isObject()) {
            return "an object";
        }
        if (isList()) {
            return "a list";
        }
        return isNothing() || !(node instanceof ScalarNode scalar) ? "nothing" : quoted(scalar.getValue());
    }

    private <T> Optional<T> wrong(String expected) {
        problems.add(at, "wrong value", describe(), expected);
        return Optional.empty();
    }

    static String quoted(String value) {
        String shown = value.length() <= SHOWN_MAX ? value : value.substring(0, SHOWN_MAX) + "...";
        return '"' + shown.replace("\n", "\\n").replace("\r", "\\r") + '"';
    }

    static String oneOf(Iterable<String> known) {
        List<String> names =
                StreamSupport.stream(known.spliterator(), false).sorted().toList();
        if (names.isEmpty()) {
            return "none exists";
        }
        String shown = names.stream().limit(20).collect(Collectors.joining(", "));
        return (names.size() == 1 ? "" : "one of ") + shown + (names.size() > 20 ? ", ..." : "");
    }
}
