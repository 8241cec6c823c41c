package dev.weir.policy.parse;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.avro.AvroSchemas;
import dev.weir.schema.compatibility.SchemaFileException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schemas that lie beside the policy. They are read together: one may use types that another defines. */
final class SchemaFiles {
    private final Problems problems;
    private final @Nullable AvroSchemas avro;

    private SchemaFiles(Problems problems, @Nullable AvroSchemas avro) {
        this.problems = problems;
        this.avro = avro;
    }

    /** Whether a file is a schema, and no YAML. */
    static boolean isSchema(PolicyFile file) {
        return file.path().endsWith(AvroSchemas.SUFFIX);
    }

    /** Reads all; what cannot be read is a problem of the policy. */
    static SchemaFiles read(List<PolicyFile> files, Problems problems) {
        Map<String, String> contents = new TreeMap<>();
        files.stream()
                .filter(SchemaFiles::isSchema)
                .forEach(file -> contents.put(file.path(), new String(file.content(), StandardCharsets.UTF_8)));
        try {
            return new SchemaFiles(problems, AvroSchemas.parse(contents));
        } catch (SchemaFileException e) {
            problems.add(Position.of(e.file()), "no Avro schema: " + e.reason());
            return new SchemaFiles(problems, null);
        }
    }

    /** A schema as a rule names it: relative to the rule's own file, with its path below the policy folder. */
    Optional<Found> find(Text reference) {
        if (avro == null || reference.isEmpty()) {
            return Optional.empty(); // said before
        }
        Path parent = Path.of(reference.at().file()).getParent();
        Path path = (parent == null ? Path.of("") : parent)
                .resolve(reference.value())
                .normalize();
        String file = path.toString().replace('\\', '/');
        Optional<PayloadValidator> validator = avro.validator(file, Limits.DEFAULT);
        if (validator.isEmpty()) {
            problems.addUnknown("schema", reference, avro.files());
        }
        return validator.map(found -> new Found(file, found));
    }

    /** A schema that is there. */
    record Found(String file, PayloadValidator validator) {}
}
