package dev.weir.schema.json;

import dev.weir.schema.compatibility.SchemaFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns schemas into nodes, each once; one that refers to itself becomes a cycle of them. */
final class SchemaCompiler {
    private static final int LEVELS_MAX = 400;

    private final SchemaLibrary library;
    private final Map<String, SchemaNode> nodes = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<SchemaNode> done = new HashSet<>();
    private int levels;

    SchemaCompiler(SchemaLibrary library) {
        this.library = library;
    }

    /** The names that all of the schemas have said. */
    KnownNames names() {
        return new KnownNames(Set.copyOf(names));
    }

    void know(Set<String> more) {
        names.addAll(more);
    }

    SchemaNode refer(SchemaPlace from, String reference) throws SchemaFileException {
        return compile(library.find(from, reference));
    }

    SchemaNode compile(SchemaPlace place) throws SchemaFileException {
        String key = place.document().file() + " " + place.at();
        SchemaNode known = nodes.get(key);
        if (known != null) {
            return known;
        }
        if (++levels > LEVELS_MAX) {
            throw place.document()
                    .mistake(place.at(), "schemas refer to each other over more than " + LEVELS_MAX + " levels");
        }
        SchemaNode made = new SchemaNode(place);
        nodes.put(key, made);
        JsonKind kind = place.tape().kind(place.at());
        if (kind == JsonKind.FALSE) {
            made.fill(List.of(new ValueKeywords.Never()));
        } else if (kind == JsonKind.OBJECT) {
            made.fill(new KeywordReader(new SchemaObject(this, library.self(place))).read());
        } else if (kind != JsonKind.TRUE) {
            throw place.document()
                    .mistake(
                            place.at(),
                            "found " + place.document().told(place.at())
                                    + ", expected a schema: an object, true or false");
        }
        levels--;
        return made;
    }

    /**
     * Refuses schemas that come back to themselves at the same value, for ever.
     *
     * @throws SchemaFileException when there is one
     */
    void checkCircles() throws SchemaFileException {
        for (SchemaNode node : nodes.values()) {
            checkCircles(node, new HashSet<>());
        }
    }

    private void checkCircles(SchemaNode node, Set<SchemaNode> above) throws SchemaFileException {
        if (done.contains(node)) {
            return;
        }
        if (!above.add(node)) {
            throw node.place().document().mistake(node.place().at(), "the schema refers to itself without end");
        }
        for (SchemaNode inner : node.inPlace()) {
            checkCircles(inner, above);
        }
        above.remove(node);
        done.add(node);
    }
}
