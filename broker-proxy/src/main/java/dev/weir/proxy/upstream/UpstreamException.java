package dev.weir.proxy.upstream;

/** A broker could not be reached, did not accept Weir's credentials, or answered out of protocol. */
public final class UpstreamException extends Exception {
    private static final long serialVersionUID = 1L;

    public UpstreamException(String message) {
        super(message);
    }

    public UpstreamException(String message, Throwable cause) {
        super(message, cause);
    }
}
