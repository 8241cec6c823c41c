package dev.weir.schema.format;

import java.util.Arrays;
import java.util.Optional;

/** What schemas are written in. */
public enum SchemaFormat {
    AVRO("Avro schema", ".avsc"),
    JSON("JSON Schema", ".json"),
    PROTOBUF("Protobuf schema", ".proto");

    private final String title;
    private final String suffix;

    SchemaFormat(String title, String suffix) {
        this.title = title;
        this.suffix = suffix;
    }

    /** The format of a file, by how its name ends. */
    public static Optional<SchemaFormat> ofFile(String name) {
        return Arrays.stream(values())
                .filter(format -> name.endsWith(format.suffix))
                .findFirst();
    }

    /**
     * The format that a schema registry means.
     *
     * @param type its {@code schemaType}; empty stands for Avro, as registries leave it out then
     */
    public static Optional<SchemaFormat> ofRegistry(String type) {
        return type.isEmpty()
                ? Optional.of(AVRO)
                : Arrays.stream(values())
                        .filter(format -> format.name().equals(type))
                        .findFirst();
    }

    /** How messages call a schema of it. */
    public String title() {
        return title;
    }

    /** How names of its files end. */
    public String suffix() {
        return suffix;
    }
}
