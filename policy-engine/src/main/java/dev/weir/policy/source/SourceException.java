package dev.weir.policy.source;

/** Policy could not be read. The message is for the operator: what was asked for, what was found, what to do. */
public final class SourceException extends Exception {
    private static final long serialVersionUID = 1;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
