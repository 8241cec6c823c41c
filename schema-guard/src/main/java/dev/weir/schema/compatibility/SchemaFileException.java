package dev.weir.schema.compatibility;

/** A file that is no schema. */
public final class SchemaFileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String file;
    private final int line;
    private final String reason;

    /**
     * Says so of a file as a whole.
     *
     * @param file where
     * @param message what is wrong in it
     */
    public SchemaFileException(String file, String message, Throwable cause) {
        super(file + ": " + message, cause);
        this.file = file;
        this.line = 0;
        this.reason = message;
    }

    /**
     * Says so.
     *
     * @param file where
     * @param line where in it, from 1; 0 for the file as a whole
     * @param message what is wrong in it
     */
    public SchemaFileException(String file, int line, String message) {
        super(file + (line == 0 ? ": " : ":" + line + ": ") + message);
        this.file = file;
        this.line = line;
        this.reason = message;
    }

    public String file() {
        return file;
    }

    /** From 1; 0 where the file as a whole is meant. */
    public int line() {
        return line;
    }

    /** What is wrong in it, without its name. */
    public String reason() {
        return reason;
    }
}
