package dev.weir.policy.model;

import dev.weir.policy.decide.Verification;
import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;

/**
 * What records of some topics tell their consumers about who wrote them.
 *
 * @param owner who answers for it, or empty
 * @param topics of which a record is told; of two patterns that match, the more specific one holds
 * @param principal whether each record gets the header {@code weir-principal}
 * @param trace what becomes of the header {@code traceparent}
 * @param signature whether each record gets the header {@code weir-signature}
 * @param verify what becomes of records that are read and whose signature is missing or wrong
 * @param mode the document's own mode, if it names one
 */
public record IdentityPropagation(
        String name,
        String owner,
        List<NamePattern> topics,
        boolean principal,
        Trace trace,
        boolean signature,
        Verification verify,
        Optional<Mode> mode,
        Position at) {

    /** What becomes of the trace context of a record (W3C Trace Context). */
    public enum Trace {
        /** What the client wrote stays as it is, and nothing is added. */
        KEEP,
        /** Each record has exactly one context: the first good one of the client, else one that begins here. */
        ENSURE
    }

    public IdentityPropagation {
        topics = List.copyOf(topics);
    }
}
