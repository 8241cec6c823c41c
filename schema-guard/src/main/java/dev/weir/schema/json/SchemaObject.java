package dev.weir.schema.json;

import dev.weir.schema.compatibility.SchemaFileException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keywords of one schema object as they are written, with what is wrong with how they are. */
final class SchemaObject {
    private final SchemaCompiler compiler;
    private final SchemaPlace place;
    private final JsonTape tape;

    SchemaObject(SchemaCompiler compiler, SchemaPlace place) {
        this.compiler = compiler;
        this.place = place;
        this.tape = place.tape();
    }

    SchemaPlace place() {
        return place;
    }

    JsonTape tape() {
        return tape;
    }

    /** Where the value of a keyword is, or -1. */
    int at(String keyword) {
        return tape.member(place.at(), keyword);
    }

    boolean has(String keyword) {
        return at(keyword) >= 0;
    }

    /** A mistake in a value. */
    SchemaFileException mistake(int at, String expected) {
        return place.document().mistake(at, "found " + place.document().told(at) + ", expected " + expected);
    }

    boolean isSet(String keyword) throws SchemaFileException {
        int at = at(keyword);
        if (at < 0 || tape.kind(at) == JsonKind.FALSE) {
            return false;
        }
        if (tape.kind(at) != JsonKind.TRUE) {
            throw mistake(at, "true or false");
        }
        return true;
    }

    Optional<String> string(String keyword) throws SchemaFileException {
        int at = at(keyword);
        return at < 0 ? Optional.empty() : Optional.of(string(at));
    }

    String string(int at) throws SchemaFileException {
        if (tape.kind(at) != JsonKind.STRING) {
            throw mistake(at, "a string");
        }
        return tape.text(at);
    }

    /** A count, or a default. */
    long count(String keyword, long otherwise) throws SchemaFileException {
        int at = at(keyword);
        if (at < 0) {
            return otherwise;
        }
        if (tape.kind(at) != JsonKind.NUMBER
                || !tape.isInteger(at)
                || tape.decimal(at).signum() < 0
                || tape.decimal(at).compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw mistake(at, "an integer from 0 to " + Integer.MAX_VALUE);
        }
        return tape.decimal(at).intValue();
    }

    @Nullable
    BigDecimal number(String keyword) throws SchemaFileException {
        int at = at(keyword);
        if (at < 0) {
            return null;
        }
        if (tape.kind(at) != JsonKind.NUMBER) {
            throw mistake(at, "a number");
        }
        return tape.decimal(at);
    }

    @Nullable
    SchemaNode schema(String keyword) throws SchemaFileException {
        int at = at(keyword);
        return at < 0 ? null : compiler.compile(place.below(at));
    }

    List<SchemaNode> schemas(String keyword) throws SchemaFileException {
        int at = at(keyword);
        List<SchemaNode> schemas = new ArrayList<>();
        if (at >= 0) {
            if (tape.kind(at) != JsonKind.ARRAY || tape.size(at) == 0) {
                throw mistake(at, "a list of schemas");
            }
            for (int item : items(at)) {
                schemas.add(compiler.compile(place.below(item)));
            }
        }
        return schemas;
    }

    /** Schemas by name. */
    Map<String, SchemaNode> schemasByName(String keyword) throws SchemaFileException {
        Map<String, SchemaNode> schemas = new LinkedHashMap<>();
        for (Map.Entry<String, Integer> member : members(keyword).entrySet()) {
            schemas.put(member.getKey(), compiler.compile(place.below(member.getValue())));
        }
        return schemas;
    }

    /** Where values are, by name. */
    Map<String, Integer> members(String keyword) throws SchemaFileException {
        int at = at(keyword);
        Map<String, Integer> members = new LinkedHashMap<>();
        if (at >= 0) {
            if (tape.kind(at) != JsonKind.OBJECT) {
                throw mistake(at, "an object");
            }
            int key = at + 1;
            for (int i = tape.size(at); i > 0; i--) {
                members.put(tape.text(key), key + 1);
                key = tape.next(key + 1);
            }
        }
        return members;
    }

    /** The strings of a list, each once. */
    Set<String> strings(int at) throws SchemaFileException {
        if (tape.kind(at) != JsonKind.ARRAY) {
            throw mistake(at, "a list of strings");
        }
        Set<String> strings = new LinkedHashSet<>();
        for (int item : items(at)) {
            strings.add(string(item));
        }
        return strings;
    }

    int[] items(int array) {
        int[] items = new int[tape.size(array)];
        int item = array + 1;
        for (int i = 0; i < items.length; i++) {
            items[i] = item;
            item = tape.next(item);
        }
        return items;
    }

    SchemaNode compile(int at) throws SchemaFileException {
        return compiler.compile(place.below(at));
    }

    /** The schema that a reference is to. */
    SchemaNode referred(String reference) throws SchemaFileException {
        return compiler.refer(place, reference);
    }

    /** Remembers names that messages may tell. */
    void know(Set<String> names) {
        compiler.know(names);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
