package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.Direction;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The JSON Schemas of a folder. A file may refer to others; what does not lie there is not fetched. Immutable. */
public final class JsonSchemas {
    private final SortedMap<String, String> texts;
    private final SchemaLibrary library;

    private JsonSchemas(SortedMap<String, String> texts) {
        this.texts = texts;
        this.library = new SchemaLibrary(texts);
    }

    /**
     * Of some texts.
     *
     * @param texts by file name, with its path in the folder, or by the URI that references have
     */
    public static JsonSchemas of(Map<String, String> texts) {
        return new JsonSchemas(Collections.unmodifiableSortedMap(new TreeMap<>(texts)));
    }

    /** Their names, sorted. */
    public Set<String> files() {
        return texts.keySet();
    }

    /**
     * Reads payloads by a file; empty where there is no such file.
     *
     * @throws SchemaFileException when it is no schema, or refers to what is not there
     */
    public Optional<PayloadValidator> validator(String file, Limits limits) throws SchemaFileException {
        Optional<SchemaPlace> root = library.root(file);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        SchemaCompiler compiler = new SchemaCompiler(library);
        SchemaNode schema = compiler.compile(root.get());
        compiler.checkCircles();
        return Optional.of(new JsonValidator(schema, compiler.names(), limits));
    }

    /**
     * What these, the new ones, break of the old ones; files that are only on one side break nothing.
     *
     * @throws SchemaFileException when one that is on both sides is no schema
     */
    public List<Breach> breaches(JsonSchemas old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>();
        for (String file : texts.keySet()) {
            breaches.addAll(breaches(file, old, level));
        }
        return breaches;
    }

    /** As the other, of one file; nothing where it is not on both sides. */
    public List<Breach> breaches(String file, JsonSchemas old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>();
        if (!texts.containsKey(file) || !old.texts.containsKey(file)) {
            return breaches;
        }
        SchemaPlace now = checked(file);
        SchemaPlace before = old.checked(file);
        for (Direction direction : level.directions()) {
            breaches.addAll(
                    direction == Direction.BACKWARD
                            ? new JsonCompatibility(file, direction, library, old.library).breaches(now, before)
                            : new JsonCompatibility(file, direction, old.library, library).breaches(before, now));
        }
        return breaches;
    }

    /** A schema that compiles, so that what is compared has no mistakes. */
    private SchemaPlace checked(String file) throws SchemaFileException {
        SchemaPlace root = library.root(file).orElseThrow();
        validator(file, Limits.DEFAULT);
        return root;
    }
}
