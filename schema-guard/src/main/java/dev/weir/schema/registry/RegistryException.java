package dev.weir.schema.registry;

import java.util.concurrent.CompletionException;

/** A registry could not be asked, or what it said is of no use. For people, and without secrets. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RegistryFailure failure;
    private final long retryAfterMillis;

    RegistryException(RegistryFailure failure, String message) {
        this(failure, message, 0);
    }

    /** @param retryAfterMillis how long it wants to be left alone; 0 when it does not say */
    RegistryException(RegistryFailure failure, String message, long retryAfterMillis) {
        super(message, null, false, false);
        this.failure = failure;
        this.retryAfterMillis = retryAfterMillis;
    }

    /** The kind. */
    public RegistryFailure failure() {
        return failure;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }

    /** What a future failed with. */
    static Throwable causeOf(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
