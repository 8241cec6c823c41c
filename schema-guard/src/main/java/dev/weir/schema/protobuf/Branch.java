package dev.weir.schema.protobuf;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message and those in it, without what maps and groups make of themselves; or a file and its messages. Message indexes lead from a file to a
 * message. Immutable.
 */
final class Branch {
    private final @Nullable MessageNode message;
    private final Branch[] inner;

    private Branch(@Nullable MessageNode message, List<Branch> inner) {
        this.message = message;
        this.inner = inner.toArray(Branch[]::new);
    }

    static Branch of(FileDescriptor file, ProtobufCompiler compiler) {
        return new Branch(
                null,
                file.getMessageTypes().stream()
                        .map(message -> of(message, compiler))
                        .toList());
    }

    private static Branch of(Descriptor message, ProtobufCompiler compiler) {
        List<Branch> inner = message.getNestedTypes().stream()
                .filter(nested -> !isMade(message, nested))
                .map(nested -> of(nested, compiler))
                .toList();
        return new Branch(compiler.compile(message), inner);
    }

    private static boolean isMade(Descriptor message, Descriptor nested) {
        return nested.getOptions().getMapEntry()
                || message.getFields().stream()
                        .anyMatch(field ->
                                field.getType() == FieldDescriptor.Type.GROUP && field.getMessageType() == nested);
    }

    /** {@code null} for a file. */
    @Nullable
    MessageNode message() {
        return message;
    }

    /** One step along message indexes; {@code null} when there is no such message in it. */
    @Nullable
    Branch step(long index) {
        return index < 0 || index >= inner.length ? null : inner[(int) index];
    }

    /** How many there are to step to. */
    int steps() {
        return inner.length;
    }
}
