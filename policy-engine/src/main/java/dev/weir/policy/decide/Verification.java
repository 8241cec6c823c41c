package dev.weir.policy.decide;

/** What becomes of fetched records whose signature is missing or wrong. */
public enum Verification {
    /** Nobody looks. */
    NONE,
    /** They are counted. */
    OBSERVE,
    /** They lose what they say about who wrote them, and say why. */
    STRIP,
    /** They do not go on. */
    REFUSE
}
