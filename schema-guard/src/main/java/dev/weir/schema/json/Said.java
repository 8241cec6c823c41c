package dev.weir.schema.json;

import dev.weir.schema.compatibility.SchemaFileException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says, behind the references that it consists of, for comparing it with another. The schema was compiled before,
 * so that its keywords are well-formed.
 *
 * @param place where it stands
 */
record Said(SchemaPlace place) {
    /** Keywords that demand nothing. */
    private static final Set<String> NOTES = Set.of(
            "$schema",
            "$id",
            "$anchor",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "deprecated",
            "readOnly",
            "writeOnly",
            "format",
            "contentEncoding",
            "contentMediaType",
            "contentSchema");

    /** Follows references; what stands beside one is left out, unless it is the only one that says something. */
    static Said of(SchemaLibrary library, SchemaPlace place) throws SchemaFileException {
        SchemaPlace at = place;
        while (at.tape().kind(at.at()) == JsonKind.OBJECT) {
            int reference = at.tape().member(at.at(), "$ref");
            if (reference < 0) {
                break;
            }
            at = library.find(library.self(at), at.tape().text(reference));
        }
        return new Said(at.tape().kind(at.at()) == JsonKind.OBJECT ? library.self(at) : at);
    }

    private JsonTape tape() {
        return place.tape();
    }

    private boolean isObject() {
        return tape().kind(place.at()) == JsonKind.OBJECT;
    }

    String key() {
        return place.document().file() + " " + place.at();
    }

    boolean takesNothing() {
        return tape().kind(place.at()) == JsonKind.FALSE;
    }

    boolean takesAll() {
        return !takesNothing() && (!isObject() || NOTES.containsAll(names()));
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        int key = place.at() + 1;
        for (int i = tape().size(place.at()); i > 0; i--) {
            names.add(tape().text(key));
            key = tape().next(key + 1);
        }
        return names;
    }

    /** Where the value of a keyword is, or -1. */
    int at(String keyword) {
        return isObject() ? tape().member(place.at(), keyword) : -1;
    }

    @Nullable
    SchemaPlace place(String keyword) {
        int at = at(keyword);
        return at < 0 ? null : place.below(at);
    }

    List<SchemaPlace> schemas(String keyword) {
        int at = at(keyword);
        return at < 0 || tape().kind(at) != JsonKind.ARRAY
                ? List.of()
                : items(at).stream().map(place::below).toList();
    }

    private List<Integer> items(int array) {
        List<Integer> items = new ArrayList<>();
        int item = array + 1;
        for (int i = tape().size(array); i > 0; i--) {
            items.add(item);
            item = tape().next(item);
        }
        return items;
    }

    /** The schemas of which one has to fit. */
    List<SchemaPlace> alternatives() {
        List<SchemaPlace> any = schemas("anyOf");
        return any.isEmpty() ? schemas("oneOf") : any;
    }

    /** Where the values are that it says, if it says them. */
    List<Integer> values() {
        int value = at("const");
        int values = at("enum");
        return value >= 0 ? List.of(value) : values >= 0 ? items(values) : List.of();
    }

    Set<String> types(Set<String> all) {
        int at = at("type");
        return at < 0 ? all : tape().kind(at) == JsonKind.STRING ? Set.of(tape().text(at)) : strings(at);
    }

    private Set<String> strings(int at) {
        Set<String> strings = new LinkedHashSet<>();
        items(at).forEach(item -> strings.add(tape().text(item)));
        return strings;
    }

    Set<String> required() {
        int at = at("required");
        return at < 0 ? Set.of() : strings(at);
    }

    Map<String, SchemaPlace> properties() {
        Map<String, SchemaPlace> properties = new LinkedHashMap<>();
        int at = at("properties");
        if (at >= 0) {
            int key = at + 1;
            for (int i = tape().size(at); i > 0; i--) {
                properties.put(tape().text(key), place.below(key + 1));
                key = tape().next(key + 1);
            }
        }
        return properties;
    }

    /** Of items that have a schema each. */
    List<SchemaPlace> firstItems() {
        List<SchemaPlace> first = schemas("prefixItems");
        return first.isEmpty() ? schemas("items") : first;
    }

    @Nullable
    SchemaPlace otherItems() {
        int items = at("items");
        return items >= 0 && tape().kind(items) == JsonKind.ARRAY ? place("additionalItems") : place("items");
    }

    @Nullable
    BigDecimal number(String keyword) {
        int at = at(keyword);
        return at < 0 ? null : tape().decimal(at);
    }
}
