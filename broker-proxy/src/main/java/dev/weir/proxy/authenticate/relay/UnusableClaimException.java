package dev.weir.proxy.authenticate.relay;

/** A client does not say who it is, or in a way that brokers might read otherwise. No stack trace: clients cause these. */
final class UnusableClaimException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableClaimException(String message) {
        super(message, null, false, false);
    }
}
