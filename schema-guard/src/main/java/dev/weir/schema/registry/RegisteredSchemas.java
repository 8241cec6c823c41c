package dev.weir.schema.registry;

import dev.weir.schema.PayloadValidator;
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
     * @throws UnusableSchemaException when it is broken, or of a format that is not read
     */
    static RegisteredSchema compile(RawSchema raw, Reading reading) {
        SchemaFormat format = SchemaFormat.ofRegistry(raw.type())
                .orElseThrow(() -> new UnusableSchemaException("nobody knows its type, " + raw.type()));
        Map<String, String> texts = new HashMap<>(raw.references());
        texts.put(ITSELF, raw.text());
        try {
            SchemaSet set = SchemaSet.of(format, texts);
            SchemaSet.Messages messages = set.messages(ITSELF, reading).orElseThrow();
            return new RegisteredSchema(
                    set.recordName(ITSELF).orElse(""),
                    indexes -> validator(format, messages, indexes),
                    raw.characters());
        } catch (SchemaFileException e) {
            throw unusable(format, e);
        }
    }

    private static PayloadValidator validator(
            SchemaFormat format, SchemaSet.Messages messages, List<Integer> messageIndexes) {
        try {
            return messages.validator(messageIndexes);
        } catch (SchemaFileException e) {
            throw unusable(format, e);
        }
    }

    private static UnusableSchemaException unusable(SchemaFormat format, SchemaFileException why) {
        return new UnusableSchemaException("it is no " + format.title() + ": " + why.reason());
    }
}
