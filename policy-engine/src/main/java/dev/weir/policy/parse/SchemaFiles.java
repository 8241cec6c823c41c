package dev.weir.policy.parse;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
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
    private final @Nullable SchemaSet schemas;

    private SchemaFiles(Problems problems, @Nullable SchemaSet schemas) {
        this.problems = problems;
        this.schemas = schemas;
    }

    /** Whether a file is a schema, and no YAML. */
    static boolean isSchema(PolicyFile file) {
        return SchemaFormat.ofFile(file.path()).isPresent();
    }

    /** Reads all; what cannot be read is a problem of the policy. */
    static SchemaFiles read(List<PolicyFile> files, Problems problems) {
        Map<String, String> contents = new TreeMap<>();
        files.stream()
                .filter(SchemaFiles::isSchema)
                .forEach(file -> contents.put(file.path(), new String(file.content(), StandardCharsets.UTF_8)));
        try {
            return new SchemaFiles(problems, SchemaSet.of(contents));
        } catch (SchemaFileException e) {
            report(problems, e);
            return new SchemaFiles(problems, null);
        }
    }

    private static void report(Problems problems, SchemaFileException e) {
        problems.add(new Position(e.file(), e.line(), e.line() == 0 ? 0 : 1), "no schema: " + e.reason());
    }

    /**
     * A schema as a rule names it: relative to the rule's own file, with its path below the policy folder.
     *
     * @param reading how the rule says that payloads are read
     */
    Optional<Found> find(Text reference, Reading reading) {
        if (schemas == null || reference.isEmpty()) {
            return Optional.empty(); // said before
        }
        Path parent = Path.of(reference.at().file()).getParent();
        Path path = (parent == null ? Path.of("") : parent)
                .resolve(reference.value())
                .normalize();
        String file = path.toString().replace('\\', '/');
        try {
            Optional<PayloadValidator> validator = schemas.validator(file, reading);
            if (validator.isEmpty()) {
                problems.addUnknown("schema", reference, schemas.files());
            }
            return validator.map(found -> new Found(file, found));
        } catch (SchemaFileException e) {
            if (e.line() == 0) {
                problems.add(reference.at(), String.valueOf(e.getMessage())); // it may be good, but not for this rule
            } else {
                report(problems, e);
            }
            return Optional.empty();
        }
    }

    /** A schema that is there. */
    record Found(String file, PayloadValidator validator) {}
}
