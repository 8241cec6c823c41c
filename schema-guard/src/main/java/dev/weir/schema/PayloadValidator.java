package dev.weir.schema;

import org.jspecify.annotations.Nullable;

/** A schema, ready to judge payloads. Safe for all threads; allocates nothing for a payload that is valid. */
public interface PayloadValidator {
    /**
     * Reads a payload to its end.
     *
     * @param bytes holds it from {@code offset} on
     * @param lengthBytes how long it is
     * @return what is wrong with it, or {@code null} when it is what the schema says
     */
    @Nullable
    Violation check(byte[] bytes, int offset, int lengthBytes);
}
