package dev.weir.schema.avro;

import dev.weir.mesh.log.FailureWords;
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
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/** The Avro schemas of a folder. A file may use types that another defines. Immutable. */
public final class AvroSchemas {
    /** How files with Avro schemas end. */
    public static final String SUFFIX = ".avsc";

    /** What Avro's parser says before the name. */
    private static final String UNDEFINED = "Undefined schema: ";

    private final SortedMap<String, Schema> byFile;

    private AvroSchemas(SortedMap<String, Schema> byFile) {
        this.byFile = byFile;
    }

    /**
     * Parses them.
     *
     * @param files contents by file name
     * @throws SchemaFileException naming the first file that is no Avro schema, or uses a type that none defines
     */
    public static AvroSchemas parse(Map<String, String> files) throws SchemaFileException {
        SchemaParser parser = new SchemaParser();
        SortedMap<String, SchemaParser.ParseResult> parsed = new TreeMap<>();
        for (Map.Entry<String, String> file : new TreeMap<>(files).entrySet()) {
            parsed.put(file.getKey(), parse(parser, file.getKey(), file.getValue()));
        }
        SortedMap<String, Schema> schemas = new TreeMap<>();
        for (Map.Entry<String, SchemaParser.ParseResult> file : parsed.entrySet()) {
            try {
                schemas.put(file.getKey(), file.getValue().mainSchema());
            } catch (AvroRuntimeException | NullPointerException e) { // Avro's parser throws the latter
                throw undefined(new TreeMap<>(files), file.getKey(), e);
            }
        }
        return new AvroSchemas(schemas);
    }

    private static SchemaParser.ParseResult parse(SchemaParser parser, String file, String content)
            throws SchemaFileException {
        try {
            return parser.parse(content);
        } catch (AvroRuntimeException e) {
            throw new SchemaFileException(file, reason(e), e);
        }
    }

    /**
     * Avro's parser looks at all files at once, and names the type alone.
     *
     * @param first to be named when it does not even say that
     */
    private static SchemaFileException undefined(
            SortedMap<String, String> files, String first, RuntimeException failure) {
        String said = String.valueOf(failure.getMessage());
        if (!said.startsWith(UNDEFINED)) {
            return new SchemaFileException(
                    first, "it uses a type that neither it nor another file of the folder defines", failure);
        }
        String type = said.substring(UNDEFINED.length());
        String file = Stream.of(type, type.substring(type.lastIndexOf('.') + 1))
                .flatMap(name -> files.entrySet().stream()
                        .filter(content -> content.getValue().contains('"' + name + '"'))
                        .map(Map.Entry::getKey))
                .findFirst()
                .orElse(first);
        return new SchemaFileException(
                file,
                "it uses the type " + type + ", which neither it nor another file of the folder defines",
                failure);
    }

    /** The innermost cause knows best. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return FailureWords.ofItself(cause).lines().findFirst().orElse("no Avro schema");
    }

    /** Reads payloads by the schema of a file; empty where there is no such file. */
    public Optional<PayloadValidator> validator(String file, Limits limits) {
        return Optional.ofNullable(byFile.get(file)).map(schema -> new AvroValidator(schema, limits));
    }

    /** The full name of the record that a file defines; empty where it defines something else, or there is no such file. */
    public Optional<String> recordName(String file) {
        return Optional.ofNullable(byFile.get(file))
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .map(Schema::getFullName);
    }

    /** Their names, sorted. */
    public Set<String> files() {
        return Collections.unmodifiableSet(byFile.keySet());
    }

    /** What these, the new ones, break of the old ones; files that are only on one side break nothing. */
    public List<Breach> breaches(AvroSchemas old, Compatibility level) {
        List<Breach> breaches = new ArrayList<>();
        byFile.keySet().forEach(file -> breaches.addAll(breaches(file, old, level)));
        return breaches;
    }

    /** As the other, of one file; nothing where it is not on both sides. */
    public List<Breach> breaches(String file, AvroSchemas old, Compatibility level) {
        Schema now = byFile.get(file);
        Schema before = old.byFile.get(file);
        List<Breach> breaches = new ArrayList<>();
        if (now != null && before != null && !before.equals(now)) {
            for (Direction direction : level.directions()) {
                breaches.addAll(
                        direction == Direction.BACKWARD
                                ? AvroCompatibility.breaches(file, direction, now, before)
                                : AvroCompatibility.breaches(file, direction, before, now));
            }
        }
        return breaches;
    }
}
