package dev.weir.schema.registry;

import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes schemas of registries ready for use. */
final class RegisteredSchemas {
    /** Its name among those that it refers to, whose names are not empty. */
    private static final String ITSELF = "";

    private RegisteredSchemas() {}

    /**
     * Compiles one.
     *
     * @param messageIndexes as {@link SchemaSet#validator(String, Reading, List)} takes them
     * @throws UnusableSchemaException when it is broken, or of a format that is not read
     */
    static RegisteredSchema compile(RawSchema raw, Reading reading, List<Integer> messageIndexes) {
        SchemaFormat format = SchemaFormat.ofRegistry(raw.type())
                .orElseThrow(() -> new UnusableSchemaException("nobody knows its type, " + raw.type()));
        Map<String, String> texts = new HashMap<>(raw.references());
        texts.put(ITSELF, raw.text());
        try {
            SchemaSet set = SchemaSet.of(format, texts);
            return new RegisteredSchema(
                    set.recordName(ITSELF).orElse(""),
                    set.validator(ITSELF, reading, messageIndexes).orElseThrow(),
                    texts.values().stream().mapToLong(String::length).sum());
        } catch (SchemaFileException e) {
            throw new UnusableSchemaException("it is no " + format.title() + ": " + e.reason());
        }
    }
}
