package dev.weir.schema.compatibility;

/** A file that is no schema. */
public final class SchemaFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String reason;

    /**
     * Says so.
     *
     * @param file where
     * @param message what is wrong in it
     */
    public SchemaFileException(String file, String message, Throwable cause) {
        super(file + ": " + message, cause);
        this.file = file;
        this.reason = message;
    }

    public String file() {
        return file;
    }

    /** What is wrong in it, without its name. */
    public String reason() {
        return reason;
    }
}
