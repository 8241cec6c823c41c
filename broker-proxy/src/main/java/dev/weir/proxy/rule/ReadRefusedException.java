package dev.weir.proxy.rule;

import dev.weir.proxy.report.RefusedRead;
import org.apache.kafka.common.protocol.Errors;

/**
 * A {@link FetchRule} does not let a partition's records go on; the partition is answered with the error. There is no stack trace,
 * since a writer can cause any number of these.
 */
final class ReadRefusedException extends RuntimeException {
    private final Errors error;
    private final transient RefusedRead refusal;

    ReadRefusedException(Errors error, RefusedRead refusal) {
        super(refusal.where() + ": " + refusal.reason(), null, false, false);
        this.error = error;
        this.refusal = refusal;
    }

    Errors error() {
        return error;
    }

    RefusedRead refusal() {
        return refusal;
    }
}
