package dev.weir.canary.kafka;

import org.jspecify.annotations.Nullable;

/** The log of changes holds what this version cannot read, so that it cannot know who owns what. */
public final class UnknownEventException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
