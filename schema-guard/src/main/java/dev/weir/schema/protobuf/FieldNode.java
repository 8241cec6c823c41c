package dev.weir.schema.protobuf;

import org.jspecify.annotations.Nullable;

/**
 * A compiled field.
 *
 * @param name as the schema has it
 * @param what what is expected where it stands, in words
 * @param wireType the one that its type has where it is not packed
 * @param text whether it has to be UTF-8
 * @param message its message or group, or {@code null}
 * @param values the only numbers that it may have, where its type is a closed enum, or {@code null}
 * @param repeated whether there may be more than one
 * @param required its bit among the required fields of its message, or 0; those after the 64th are not looked at
 */
record FieldNode(
        String name,
        String what,
        int wireType,
        boolean text,
        @Nullable MessageNode message,
        @Nullable EnumValues values,
        boolean repeated,
        long required) {

    /** Numbers may be packed into one field, whether the schema says so or not. */
    boolean packable() {
        return repeated && wireType != WireCursor.LENGTH && wireType != WireCursor.START_GROUP;
    }
}
