package dev.weir.schema.framing;

import org.jspecify.annotations.Nullable;

/** The headers of a record, as far as a framing asks for them. */
@FunctionalInterface
public interface HeaderLookup {
    /** No headers. */
    HeaderLookup NONE = name -> null;

    /** The value of the last header with the name, or {@code null} when there is none or it has no value. */
    byte @Nullable [] last(String name);
}
