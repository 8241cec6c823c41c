package dev.weir.cli.schema;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.format.Reading;
import dev.weir.schema.framing.SchemaRef;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the schema comes from that a record is explained by. */
interface ExplainedSchemas {
    /**
     * The one of a record; empty when there is none of what the record says.
     *
     * @param said what stands in front or in a header
     * @throws dev.weir.cli.CommandFailure when there is one, and it cannot be read, or nobody answers
     */
    Optional<Named> find(SchemaRef said, Reading reading);

    /**
     * A schema.
     *
     * @param name for people
     * @param type as registries call it; {@code null} where it is a file
     * @param subjects of a registry that it is registered for
     */
    record Named(String name, @Nullable String type, List<String> subjects, PayloadValidator validator) {}
}
