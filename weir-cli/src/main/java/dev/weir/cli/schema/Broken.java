package dev.weir.cli.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weir.schema.compatibility.Breach;
import dev.weir.schema.compatibility.Direction;
import org.jspecify.annotations.Nullable;

/**
 * One reason why a schema does not fit an older one. {@code --json} prints it with these names.
 *
 * @param version of the older one in its registry; left out elsewhere
 */
record Broken(
        String file,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer version,
        Direction direction,
        String path,
        String reason) {

    static Broken of(Breach breach, @Nullable Integer version) {
        return new Broken(breach.file(), version, breach.direction(), breach.path(), breach.reason());
    }

    /** One line. */
    String text() {
        String what = version == null ? file : file + " (version " + version + ")";
        return new Breach(what, direction, path, reason).text();
    }
}
