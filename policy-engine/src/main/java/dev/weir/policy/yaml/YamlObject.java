package dev.weir.policy.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * The keys of one object, read by name. Asking for a key is what makes it known: whatever has not been asked for when
 * the reader returns is reported as unknown, with the nearest known key.
 *
 * <p>A {@code required...} method reports a key that is not there and returns a placeholder.
 */
public final class YamlObject {
    private final Position at;
    private final Problems problems;
    private final Map<String, YamlValue> values = new LinkedHashMap<>();
    private final Map<String, Text> keys = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    YamlObject(Position at, MappingNode node, Problems problems) {
        this.at = at;
        this.problems = problems;
        for (NodeTuple tuple : node.getValue()) {
            YamlValue key = new YamlValue(at.file(), tuple.getKeyNode(), problems);
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                problems.add(key.at(), "wrong key", key.describe(), "text");
                continue;
            }
            String name = scalar.getValue();
            Text first = keys.putIfAbsent(name, new Text(name, key.at()));
            if (first == null) {
                values.put(name, new YamlValue(at.file(), tuple.getValueNode(), problems));
            } else {
                problems.add(
                        key.at(),
                        "duplicate key; it already stands in line " + first.at().line(),
                        YamlValue.quoted(name),
                        "each key once");
            }
        }
    }

    public Position at() {
        return at;
    }

    /** The collector of this reading, for mistakes that only the caller can see. */
    public Problems problems() {
        return problems;
    }

    /** Where the key stands, or where the object begins if it is not there. */
    public Position at(String key) {
        Text text = keys.get(key);
        return text == null ? at : text.at();
    }

    /** Whether the key is written, with whatever value. */
    public boolean has(String key) {
        known.add(key);
        return values.containsKey(key);
    }

    /** Whether no key is written. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** All keys, for objects whose keys are names; each counts as known. */
    public List<Text> keys() {
        known.addAll(keys.keySet());
        return List.copyOf(keys.values());
    }

    public Optional<YamlValue> value(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    /** Reports that the key is missing, if it is. */
    public Optional<YamlValue> required(String key, String expected) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            problems.add(at, "missing key \"" + key + "\"", "", expected);
        }
        return value;
    }

    public Optional<Text> text(String key) {
        return value(key).flatMap(YamlValue::text);
    }

    /** Text that has a unit, such as {@code 10%}; a bare number is for its reader to refuse. */
    public Optional<Text> measure(String key) {
        return value(key).flatMap(YamlValue::scalar);
    }

    /** The same; an empty one after its absence has been reported. */
    public Text requiredMeasure(String key) {
        return required(key, "text").flatMap(YamlValue::scalar).orElse(new Text("", at(key)));
    }

    /** The text, or an empty one after its absence has been reported. */
    public Text requiredText(String key) {
        return required(key, "text").flatMap(YamlValue::text).orElse(new Text("", at(key)));
    }

    public Optional<Boolean> bool(String key) {
        return value(key).flatMap(YamlValue::bool);
    }

    public boolean bool(String key, boolean fallback) {
        return bool(key).orElse(fallback);
    }

    public Optional<Long> integer(String key, long min, long max) {
        return value(key).flatMap(value -> value.integer(min, max));
    }

    public long integer(String key, long min, long max, long fallback) {
        return integer(key, min, max).orElse(fallback);
    }

    /** A length of time such as {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h} or {@code 7d}, within both bounds. */
    public Duration duration(String key, Duration min, Duration max, Duration fallback) {
        return value(key).flatMap(value -> value.duration(min, max)).orElse(fallback);
    }

    /** A number of bytes such as {@code 10MB}, within both bounds. */
    public long bytes(String key, long min, long max, long fallback) {
        return value(key).flatMap(value -> value.bytes(min, max)).orElse(fallback);
    }

    public <T> Optional<T> choice(String key, Map<String, T> choices) {
        return value(key).flatMap(value -> value.choice(choices));
    }

    /** The elements of a list; none if the key is not there. */
    public List<YamlValue> values(String key) {
        return value(key).flatMap(YamlValue::list).orElse(List.of());
    }

    /** A list of texts; empty if the key is not there. */
    public List<Text> texts(String key) {
        return present(values(key), YamlValue::text);
    }

    /** A list of named values; empty if the key is not there. */
    public <T> List<T> choices(String key, Map<String, T> choices) {
        return present(values(key), value -> value.choice(choices));
    }

    public <T> Optional<T> object(String key, Function<YamlObject, T> reader) {
        return value(key).flatMap(value -> value.object(reader));
    }

    public <T> Optional<T> requiredObject(String key, Function<YamlObject, T> reader) {
        return required(key, "an object").flatMap(value -> value.object(reader));
    }

    /** A list of objects; empty if the key is not there. */
    public <T> List<T> objects(String key, Function<YamlObject, T> reader) {
        return present(values(key), value -> value.object(reader));
    }

    /** As {@link #values}, and reports a list that is missing or empty. */
    public List<YamlValue> requiredValues(String key, String expected) {
        int before = problems.count();
        List<YamlValue> list = required(key, expected).flatMap(YamlValue::list).orElse(List.of());
        if (list.isEmpty() && problems.count() == before) {
            problems.add(at(key), "the list \"" + key + "\" is empty", "[]", expected);
        }
        return list;
    }

    void reportUnknownKeys() {
        for (Text key : keys.values()) {
            if (!known.contains(key.value())) {
                problems.addUnknown("key", key, known);
            }
        }
    }

    private static <T> List<T> present(List<YamlValue> values, Function<YamlValue, Optional<T>> reader) {
        List<T> read = new ArrayList<>(values.size());
        values.forEach(value -> reader.apply(value).ifPresent(read::add));
        return List.copyOf(read);
    }
}
