package dev.weir.proxy.listener;

/** A port cannot be bound. */
public final class ListenException extends Exception {
    private static final long serialVersionUID = 1L;

    public ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
