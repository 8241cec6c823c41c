package dev.weir.schema.registry;

/** A registry has a schema that nobody can use. The message says why, as part of a sentence: "it refers to itself". */
public final class UnusableSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableSchemaException(String message) {
        super(message, null, false, false);
    }
}
