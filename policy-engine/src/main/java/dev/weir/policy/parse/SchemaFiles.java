package dev.weir.policy.parse;

import dev.weir.policy.yaml.Position;
import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaFormat;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.framing.Framing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The schemas that lie beside the policy. They are read together: one may use types that another defines. */
final class SchemaFiles {
    /** What serializers write in front. */
    private static final List<Framing> IN_FRONT = List.of(Framing.CONFLUENT_PREFIX, Framing.APICURIO);

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
            return validator.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Found(file, validator.get(), framed(schemas, file, reading, validator.get())));
        } catch (SchemaFileException e) {
            if (e.line() == 0) {
                problems.add(reference.at(), String.valueOf(e.getMessage())); // it may be good, but not for this rule
            } else {
                report(problems, e);
            }
            return Optional.empty();
        }
    }

    /** Only of Protobuf it matters what stood in front: it may also say there which message it is. */
    private static Map<Framing, PayloadValidator> framed(
            SchemaSet schemas, String file, Reading reading, PayloadValidator bare) throws SchemaFileException {
        Map<Framing, PayloadValidator> framed = new EnumMap<>(Framing.class);
        if (reading.framing() == Framing.NONE) {
            boolean protobuf = SchemaFormat.ofFile(file).equals(Optional.of(SchemaFormat.PROTOBUF));
            for (Framing framing : IN_FRONT) {
                framed.put(
                        framing,
                        protobuf
                                ? schemas.validator(file, reading.behind(framing))
                                        .orElse(bare)
                                : bare);
            }
        }
        return framed;
    }

    /**
     * A schema that is there.
     *
     * @param validator reads by it as the rule says
     * @param framed what reads by it behind a framing, where the rule says none
     */
    record Found(String file, PayloadValidator validator, Map<Framing, PayloadValidator> framed) {}
}
