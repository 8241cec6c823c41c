package dev.weir.policy.decide;

/**
 * What becomes of the headers of records that are written to a topic.
 *
 * @param rule the document that says so
 * @param enforced whether it is done, or only counted
 * @param principal whether each record gets the header {@code weir-principal}
 * @param traceparent whether each record gets a trace context where the client set none
 * @param signature whether each record gets the header {@code weir-signature}
 * @param verify what becomes of records that are read and whose signature is missing or wrong
 */
public record Propagation(
        RuleRef rule,
        boolean enforced,
        boolean principal,
        boolean traceparent,
        boolean signature,
        Verification verify) {

    /** Without a look at what is read. */
    public Propagation(RuleRef rule, boolean enforced, boolean principal, boolean traceparent, boolean signature) {
        this(rule, enforced, principal, traceparent, signature, Verification.NONE);
    }
}
