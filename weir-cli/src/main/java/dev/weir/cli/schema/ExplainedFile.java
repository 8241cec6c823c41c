package dev.weir.cli.schema;

import dev.weir.cli.CommandFailure;
import dev.weir.schema.compatibility.SchemaFileException;
import dev.weir.schema.format.Reading;
import dev.weir.schema.format.SchemaSet;
import dev.weir.schema.framing.SchemaRef;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file, whatever the record says. */
final class ExplainedFile implements ExplainedSchemas {
    private final Path schema;
    private final String file;
    private final SchemaSet schemas;

    /**
     * Reads it, with all schemas that lie beside it.
     *
     * @param folder where they lie; {@code null} for the folder that it is in
     * @throws CommandFailure when one of them is none
     */
    ExplainedFile(Path schema, @Nullable Path folder) {
        this.schema = schema;
        Path in = folder == null ? schema.toAbsolutePath().getParent() : folder;
        Path root = (in == null ? Path.of("/") : in).toAbsolutePath().normalize();
        this.file =
                root.relativize(schema.toAbsolutePath().normalize()).toString().replace('\\', '/');
        this.schemas = SchemaFiles.of(root).parsed();
    }

    @Override
    public Optional<Named> find(SchemaRef said, Reading reading) {
        try {
            return Optional.of(
                    new Named(
                            file,
                            null,
                            List.of(),
                            schemas.validator(file, reading, said.messageIndexes())
                                    .orElseThrow(
                                            () -> new CommandFailure(
                                                    schema
                                                            + " is no schema: expected a file *.avsc, *.json or *.proto, below the folder of schemas"))));
        } catch (SchemaFileException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
