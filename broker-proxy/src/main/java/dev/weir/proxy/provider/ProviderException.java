package dev.weir.proxy.provider;

import dev.weir.mesh.log.FailureWords;
import org.jspecify.annotations.Nullable;

/** Why a provider's answer is of no use; for people, and without secrets. */
public final class ProviderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ProviderException(String message) {
        super(message);
    }

    /** The words for whatever a question failed with. */
    public static String reason(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null && !(cause instanceof ProviderException)) {
            cause = cause.getCause();
        }
        return FailureWords.of(cause);
    }
}
