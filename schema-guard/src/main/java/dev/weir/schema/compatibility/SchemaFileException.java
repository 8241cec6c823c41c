package dev.weir.schema.compatibility;

/** A file that is no schema. */
public final class SchemaFileException extends Exception {
    private static final long serialVersionUID = 1L;

    /**
     * Says so.
     *
     * @param file where
     * @param message what is wrong in it
     */
    public SchemaFileException(String file, String message, Throwable cause) {
        super(file + ": " + message, cause);
    }
}
