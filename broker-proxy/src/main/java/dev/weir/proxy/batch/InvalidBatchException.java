package dev.weir.proxy.batch;

import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Bytes that are no record batch, or one that Weir does not take. The partition that it was meant for is answered with the
 * error; the connection goes on. The message says what was found where, never the contents; there is no stack trace,
 * since a peer can cause any number of these.
 */
public final class InvalidBatchException extends RuntimeException {
    private final Errors error;
    private final transient List<InvalidRecord> records;

    /**
     * A record for which its batch is refused.
     *
     * @param index in its batch, from 0
     * @param message for who wrote it
     */
    public record InvalidRecord(int index, String message) {}

    public InvalidBatchException(Errors error, String reason) {
        this(error, reason, List.of());
    }

    /** As above, for these of its records; there may be more. */
    public InvalidBatchException(Errors error, String reason, List<InvalidRecord> records) {
        super(reason, null, false, false);
        this.error = error;
        this.records = List.copyOf(records);
    }

    /** The batch breaks the format where its records begin, or says of itself what does not fit together. */
    static InvalidBatchException invalid(String reason) {
        return new InvalidBatchException(Errors.INVALID_RECORD, reason);
    }

    /** The records that are to blame, where single ones are. */
    public List<InvalidRecord> records() {
        return records;
    }

    /** Kafka's own error for it. */
    public Errors error() {
        return error;
    }
}
