package dev.weir.proxy.authenticate.token;

/** A token that is not good, or cannot be checked; the message says why, without showing any of it. */
final class InvalidTokenException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidTokenException(String message) {
        super(message);
    }
}
