package dev.weir.schema.format;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.avro.AvroSchemas;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Compatibility;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.json.JsonSchemas;
import dev.weir.schema.protobuf.ProtobufSchemas;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Schemas that lie together, and may use each other where they are of one format: the files of a folder, or a schema of a
 * registry with those that it refers to. Immutable.
 */
public final class SchemaSet {
    private final AvroSchemas avro;
    private final JsonSchemas json;
    private final ProtobufSchemas protobuf;

    private SchemaSet(Map<SchemaFormat, SortedMap<String, String>> texts) throws SchemaFileException {
        this.avro = AvroSchemas.parse(texts.getOrDefault(SchemaFormat.AVRO, new TreeMap<>()));
        this.json = JsonSchemas.of(texts.getOrDefault(SchemaFormat.JSON, new TreeMap<>()));
        this.protobuf = ProtobufSchemas.of(texts.getOrDefault(SchemaFormat.PROTOBUF, new TreeMap<>()));
    }

    /**
     * Of the files of a folder, each of the format that its name says; files of other names are left out.
     *
     * @param files contents by file name, with its path in the folder
     * @throws SchemaFileException naming the first Avro file that is no schema, or uses one that is not there; files of other
     *     formats are read when they are asked for
     */
    public static SchemaSet of(Map<String, String> files) throws SchemaFileException {
        Map<SchemaFormat, SortedMap<String, String>> texts = new EnumMap<>(SchemaFormat.class);
        files.forEach((file, text) -> SchemaFormat.ofFile(file)
                .ifPresent(format ->
                        texts.computeIfAbsent(format, any -> new TreeMap<>()).put(file, text)));
        return new SchemaSet(texts);
    }

    /**
     * Of one format, as registries keep them.
     *
     * @param texts by name: that of a schema is anyone's choice, and one that others refer to has the name that they use
     * @throws SchemaFileException as for {@link #of(Map)}
     */
    public static SchemaSet of(SchemaFormat format, Map<String, String> texts) throws SchemaFileException {
        return new SchemaSet(Map.of(format, new TreeMap<>(texts)));
    }

    /** Their names, sorted. */
    public Set<String> files() {
        Set<String> files = new TreeSet<>(avro.files());
        files.addAll(json.files());
        files.addAll(protobuf.files());
        return files;
    }

    /**
     * Reads payloads by a schema.
     *
     * @param file its name; empty is answered where there is none of it
     * @throws SchemaFileException when the schema is none, or has no such message
     */
    public Optional<PayloadValidator> validator(String file, Reading reading) throws SchemaFileException {
        return validator(file, reading, List.of());
    }

    /**
     * As the other, of a record that says in a header which message of a Protobuf schema it is.
     *
     * @param messageIndexes as {@code SchemaRef.Guid} has them; empty where it is not said
     */
    public Optional<PayloadValidator> validator(String file, Reading reading, List<Integer> messageIndexes)
            throws SchemaFileException {
        Optional<Messages> messages = messages(file, reading);
        return messages.isEmpty()
                ? Optional.empty()
                : Optional.of(messages.get().validator(messageIndexes));
    }

    /** A schema, ready for payloads of any of its messages; those of formats but Protobuf have one. Safe for all threads. */
    @FunctionalInterface
    public interface Messages {
        /**
         * Reads payloads by one.
         *
         * @param indexes as {@code SchemaRef.Guid} has them; empty where it is not said
         * @throws SchemaFileException when the schema has several, and none is said
         */
        PayloadValidator validator(List<Integer> indexes) throws SchemaFileException;
    }

    /** As {@link #validator(String, Reading, List)}, for records of which each may say another message. */
    public Optional<Messages> messages(String file, Reading reading) throws SchemaFileException {
        if (protobuf.files().contains(file)) {
            return protobuf.messages(
                            file, reading.framing(), reading.message(), reading.unknownFields(), reading.limits())
                    .map(found -> found::validator);
        }
        Optional<PayloadValidator> validator = json.files().contains(file)
                ? json.validator(file, reading.limits())
                : avro.validator(file, reading.limits());
        return validator.map(only -> indexes -> only);
    }

    /** The full name of the record that a schema defines; empty where it defines something else, or it is not known. */
    public Optional<String> recordName(String file) {
        return avro.recordName(file);
    }

    /**
     * What these, the new ones, break of the old ones of the same names; names that are only on one side break nothing.
     *
     * @throws SchemaFileException when one of them is no schema
     */
    public List<Breach> breaches(SchemaSet old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>(avro.breaches(old.avro, level));
        breaches.addAll(json.breaches(old.json, level));
        breaches.addAll(protobuf.breaches(old.protobuf, level));
        return breaches;
    }

    /** As the other, of one file; nothing where it is not on both sides. */
    public List<Breach> breaches(String file, SchemaSet old, Compatibility level) throws SchemaFileException {
        List<Breach> breaches = new ArrayList<>(avro.breaches(file, old.avro, level));
        breaches.addAll(json.breaches(file, old.json, level));
        breaches.addAll(protobuf.breaches(file, old.protobuf, level));
        return breaches;
    }

    /**
     * The files to be compared with one: of Protobuf also those that it imports. What other formats refer to is compared where it is used.
     *
     * @return with the file itself; only such as are there
     * @throws SchemaFileException when one of them is no schema
     */
    public Set<String> withImports(String file) throws SchemaFileException {
        Set<String> files = new TreeSet<>(protobuf.imports(file));
        files.add(file);
        files.retainAll(files());
        return files;
    }
}
