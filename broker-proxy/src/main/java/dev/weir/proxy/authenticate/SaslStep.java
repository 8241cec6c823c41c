package dev.weir.proxy.authenticate;

import dev.weir.mesh.Subject;
import dev.weir.proxy.telemetry.RefusalReason;
import org.jspecify.annotations.Nullable;

/** What follows from a client's SASL message. */
public sealed interface SaslStep {
    /** The exchange goes on: the client has to answer these bytes. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Challenge(byte[] bytes) implements SaslStep {}

    /**
     * The client is who it says.
     *
     * @param bytes the mechanism's last words to the client, often none
     * @param validity whether what it logged in with still holds
     * @param endsAtMillis when what it logged in with ends by itself, in epoch milliseconds; {@link #NEVER}
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Accepted(byte[] bytes, Subject subject, Validity validity, long endsAtMillis) implements SaslStep {}

    /**
     * The client is refused.
     *
     * @param message what it is told, or {@code null} for Kafka's words, which give nothing away
     * @param reason for the log; without secrets
     */
    record Rejected(@Nullable String message, String reason) implements SaslStep {}

    /**
     * Nobody can say now. The connection ends without an answer, as it does where Kafka's own broker cannot say, so that
     * the client tries again; a refusal would make it give up.
     *
     * @param kind who could not be asked
     * @param reason for the log
     */
    record Unavailable(RefusalReason kind, String reason) implements SaslStep {}

    /** Of {@link Accepted#endsAtMillis}. */
    long NEVER = Long.MAX_VALUE;
}
