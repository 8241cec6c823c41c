package dev.weir.schema.protobuf;

import dev.weir.schema.Limits;
import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Violation;
import dev.weir.schema.bytes.Mismatch;
import org.jspecify.annotations.Nullable;

/**
 * Reads Protobuf's wire format by a schema. Stricter than parsers where they make something up, or pass over what is no field of
 * the schema though it has its number: a known field has to be of its wire type, a closed enum has only its own numbers, all
 * strings are UTF-8, numbers are of 64 bits and tags of 32, and each occurrence of a message has what it requires.
 */
final class ProtobufValidator implements PayloadValidator {
    private final MessageChoice choice;
    private final boolean unknownFields;
    private final Limits limits;

    ProtobufValidator(MessageChoice choice, boolean unknownFields, Limits limits) {
        this.choice = choice;
        this.unknownFields = unknownFields;
        this.limits = limits;
    }

    @Override
    public @Nullable Violation check(byte[] bytes, int offset, int lengthBytes) {
        WireCursor in = new WireCursor(bytes, offset, lengthBytes, limits);
        try {
            MessageNode message = choice.choose(in);
            new MessageWalk(in, unknownFields).message(message);
            return null;
        } catch (Mismatch e) {
            return e.violation();
        }
    }
}
