package dev.weir.policy.decide;

/** What becomes of records that are not what a {@code SchemaRule} says. */
public enum OnViolation {
    /** The batch does not go on, and its partition is answered with {@code INVALID_RECORD}. */
    REJECT,
    /** The record goes on with a header that says what is wrong with it. */
    TAG,
    /** The record goes to a dead-letter topic in place of its own. */
    QUARANTINE,
    /** It is counted, and goes on. */
    OBSERVE
}
