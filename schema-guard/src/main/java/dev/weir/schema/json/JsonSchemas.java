package dev.weir.schema.json;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.Collections;
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
}
