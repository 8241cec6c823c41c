package dev.weir.schema.protobuf;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.compatibility.SchemaFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of one file, ready to judge payloads. They are compiled once, whichever a record says. Immutable. */
public final class ProtobufMessages {
    private final Branch file;
    private final @Nullable MessageNode only;
    private final @Nullable MessageChoice unsaid;
    private final @Nullable SchemaFileException unclear;
    private final boolean unknownFields;
    private final Limits limits;

    /**
     * Of a file.
     *
     * @param only the message that it has to be, or {@code null} for any
     * @param unsaid how it is chosen where no header says it; {@code null} where it cannot be
     * @param unclear why not
     */
    ProtobufMessages(
            Branch file,
            @Nullable MessageNode only,
            @Nullable MessageChoice unsaid,
            @Nullable SchemaFileException unclear,
            boolean unknownFields,
            Limits limits) {
        this.file = file;
        this.only = only;
        this.unsaid = unsaid;
        this.unclear = unclear;
        this.unknownFields = unknownFields;
        this.limits = limits;
    }

    /**
     * Reads payloads by one. Cheap, and nothing of it is kept: whoever writes a record may say any indexes.
     *
     * @param indexes the number of the message in its file, of the message in that one, and so on; those of none have each payload refused.
     *     Empty where no header says it
     * @throws SchemaFileException when nothing says it, and the file has several
     */
    public PayloadValidator validator(List<Integer> indexes) throws SchemaFileException {
        MessageChoice choice = indexes.isEmpty() ? unsaid : MessageChoice.Said.of(file, indexes, only);
        if (choice != null) {
            return new ProtobufValidator(choice, unknownFields, limits);
        }
        throw unclear == null ? new SchemaFileException("", 0, "it is not clear which message it is") : unclear;
    }
}
