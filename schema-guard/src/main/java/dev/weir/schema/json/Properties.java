package dev.weir.schema.json;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code properties}, {@code required}, {@code patternProperties}, {@code additionalProperties} and {@code propertyNames}: all
 * members of an object in one pass. Names are found by their hash, and compared.
 */
final class Properties implements Keyword {
    private final Slot[] slots;
    private final List<ByPattern> patterns;
    private final @Nullable SchemaNode additional;
    private final @Nullable SchemaNode names;
    private final int required;

    /** A name that the schema says. */
    @SuppressWarnings("ArrayRecordComponent") // compared with nothing
    private record Slot(
            String name, byte[] utf8, int hash, @Nullable SchemaNode schema, boolean required) {}

    /** What members are, the names of which match. */
    record ByPattern(Pattern name, SchemaNode schema) {}

    /**
     * Makes it.
     *
     * @param properties schemas by name
     * @param required names
     * @param additional what the others are, or {@code null} for anything
     * @param names what all names are, or {@code null} for anything
     */
    Properties(
            Map<String, SchemaNode> properties,
            Set<String> required,
            List<ByPattern> patterns,
            @Nullable SchemaNode additional,
            @Nullable SchemaNode names) {
        this.patterns = patterns;
        this.additional = additional;
        this.names = names;
        this.required = required.size();
        Set<String> known = new TreeSet<>(properties.keySet());
        known.addAll(required);
        this.slots = new Slot[Integer.highestOneBit(Math.max(2 * known.size(), 1)) * 2];
        for (String name : known) {
            byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
            int hash = JsonTape.hash(utf8, 0, utf8.length);
            int index = hash & (slots.length - 1);
            while (slots[index] != null) {
                index = (index + 1) & (slots.length - 1);
            }
            slots[index] = new Slot(name, utf8, hash, properties.get(name), required.contains(name));
        }
    }

    private @Nullable Slot find(JsonTape tape, int key) {
        int hash = tape.hash(key);
        for (int index = hash & (slots.length - 1); ; index = (index + 1) & (slots.length - 1)) {
            Slot slot = slots[index];
            if (slot == null || (slot.hash == hash && tape.isText(key, slot.utf8))) {
                return slot;
            }
        }
    }

    @Override
    public boolean holds(Evaluation of, int at) {
        JsonTape tape = of.tape();
        if (tape.kind(at) != JsonKind.OBJECT) {
            return true;
        }
        int missing = required;
        int key = at + 1;
        for (int i = tape.size(at); i > 0; i--) {
            Slot slot = find(tape, key);
            if (slot != null && slot.required) {
                missing--; // a name is there once: the parser has seen to it
            }
            if (!member(of, key, slot == null ? null : slot.schema)) {
                return false;
            }
            key = tape.next(key + 1);
        }
        return missing == 0 || failMissing(of, at);
    }

    private boolean member(Evaluation of, int key, @Nullable SchemaNode named) {
        of.step(1, key);
        if (names != null && !names.valid(of, key)) {
            return false;
        }
        boolean known = named != null;
        if (named != null && !named.valid(of, key + 1)) {
            return false;
        }
        if (!patterns.isEmpty()) {
            String name = of.tape().text(key);
            for (ByPattern pattern : patterns) {
                of.step(1 + name.length() / 8, key);
                if (pattern.name.matcher(name).find()) {
                    known = true;
                    if (!pattern.schema.valid(of, key + 1)) {
                        return false;
                    }
                }
            }
        }
        return known || additional == null || other(of, key, additional);
    }

    private static boolean other(Evaluation of, int key, SchemaNode schema) {
        if (schema.takesNothing()) {
            return of.fail(key, "a property that the schema does not have", "none but those that it has");
        }
        return schema.valid(of, key + 1);
    }

    private boolean failMissing(Evaluation of, int at) {
        if (!of.isHeard()) {
            return false;
        }
        Set<String> missing = new TreeSet<>();
        for (Slot slot : slots) {
            if (slot != null && slot.required && of.member(at, slot.utf8) < 0) {
                missing.add(slot.name);
            }
        }
        return of.fail(at, "no " + String.join(", no ", missing), "an object with " + String.join(", ", missing));
    }

    @Override
    public boolean looksAtProperty(Evaluation of, int object, int key) {
        if (additional != null) {
            return true;
        }
        Slot slot = find(of.tape(), key);
        if (slot != null && slot.schema != null) {
            return true;
        }
        String name = of.tape().text(key);
        of.step(1 + (long) patterns.size() * name.length() / 8, key);
        return patterns.stream().anyMatch(pattern -> pattern.name.matcher(name).find());
    }
}
