package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.MalformedReason;

/** What a peer sent ends its connection. No stack trace: a peer can cause any number of these. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final MalformedReason reason;

    ProtocolException(MalformedReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    MalformedReason reason() {
        return reason;
    }
}
