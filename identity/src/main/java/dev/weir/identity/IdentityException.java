package dev.weir.identity;

/** A name, a key, a certificate or a secret cannot be had. The message is for people; it holds no secret. */
public class IdentityException extends Exception {
    private static final long serialVersionUID = 1L;

    public IdentityException(String message) {
        super(message);
    }

    public IdentityException(String message, Throwable cause) {
        super(message, cause);
    }
}
