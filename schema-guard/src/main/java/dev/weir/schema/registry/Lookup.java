package dev.weir.schema.registry;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.Reason;
import org.jspecify.annotations.Nullable;

/** What there is to say about the schema that a record names. */
public sealed interface Lookup {
    /**
     * It is what it has to be.
     *
     * @param subject that it is registered for
     * @param validator reads payloads by it; {@code null} where they are not to be read
     */
    record Found(String subject, @Nullable PayloadValidator validator) implements Lookup {}

    /**
     * It is something else.
     *
     * @param found in words
     * @param expected in words
     */
    record Refused(Reason reason, String found, String expected) implements Lookup {}

    /** The registry does not say. */
    record Down(String why) implements Lookup {}
}
