package dev.weir.schema.registry;

import java.util.Map;

/**
 * A schema as a registry has it.
 *
 * @param type as registries call it: AVRO, JSON, PROTOBUF
 * @param references the schemas that it refers to, and those that they refer to, by the names that they are referred to
 */
public record RawSchema(String type, String text, Map<String, String> references) {
    /** How long its text is, with all that it refers to. */
    long characters() {
        return text.length()
                + references.values().stream().mapToLong(String::length).sum();
    }
}
