package dev.weir.proxy.batch;

import org.apache.kafka.common.protocol.Errors;

/**
 * Bytes that are no record batch, or one that Weir does not take. The partition that it was meant for is answered with the
 * error; the connection goes on. The message says what was found where, never the contents; there is no stack trace,
 * since a peer can cause any number of these.
 */
public final class InvalidBatchException extends RuntimeException {
    private final Errors error;

    public InvalidBatchException(Errors error, String reason) {
        super(reason, null, false, false);
        this.error = error;
    }

    /** The batch breaks the format where its records begin, or says of itself what does not fit together. */
    static InvalidBatchException invalid(String reason) {
        return new InvalidBatchException(Errors.INVALID_RECORD, reason);
    }

    /** Kafka's own error for it. */
    public Errors error() {
        return error;
    }
}
