package dev.weir.cli.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.weir.mesh.log.Counted;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weir schema explain --json} prints, with these names.
 *
 * @param valid whether it reads to its end by the schema
 * @param guessed whether nobody said the framing
 * @param schemaId the id in front, in digits, or the GUID in a header; absent where there is none
 * @param payloadOffset where the payload begins
 * @param schema the file, or the schema of the registry
 * @param type as registries call it; absent for a file
 * @param subjects of the registry that it is registered for, where that says it; absent for a file
 * @param violation what is wrong; absent where nothing is
 */
@JsonInclude(Include.NON_NULL)
record Explanation(
        boolean valid,
        int bytes,
        String framing,
        boolean guessed,
        @Nullable String schemaId,
        int payloadOffset,
        @Nullable String schema,
        @Nullable String type,
        @Nullable List<String> subjects,
        @Nullable Told violation) {

    /**
     * What is wrong.
     *
     * @param offset of the byte in the file
     */
    record Told(String reason, String path, int offset, String found, String expected) {}

    /** For people. */
    void print(PrintWriter out, Path record) {
        out.printf(
                "%s: %s; framing %s%s, %s, payload from byte %d%n",
                record,
                Counted.of(bytes, "byte"),
                framing,
                guessed ? " (nobody said it)" : "",
                schemaId == null ? "no schema id" : (schemaId.contains("-") ? "GUID " : "schema id ") + schemaId,
                payloadOffset);
        if (type != null) {
            out.printf(
                    "%s: %s%s%n",
                    schema,
                    type,
                    subjects == null || subjects.isEmpty() ? "" : ", registered for " + String.join(", ", subjects));
        }
        String by = schema == null ? "It does not read" : "By " + schema + " it does not read";
        if (violation == null) {
            out.printf("By %s it reads to its end.%n", schema);
        } else {
            out.printf(
                    "%s: at %s, byte %d of the file: found %s, expected %s (%s)%n",
                    by,
                    violation.path().isEmpty() ? "the record" : violation.path(),
                    violation.offset(),
                    violation.found(),
                    violation.expected(),
                    violation.reason());
        }
    }
}
