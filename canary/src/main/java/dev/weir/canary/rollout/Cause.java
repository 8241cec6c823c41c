package dev.weir.canary.rollout;

/**
 * Who stopped a rollout, or ended it.
 *
 * @param who the name of a person, or the key of a {@link Figure}
 * @param reason for people; may be empty where it was a person
 */
public record Cause(Kind kind, String who, String reason) {
    /** What kind of cause. */
    public enum Kind {
        /** A limit that was not held. */
        GATE,
        /** A command. */
        PERSON
    }

    @Override
    public String toString() {
        return (kind == Kind.GATE ? "gate " : "") + who + (reason.isEmpty() ? "" : ": " + reason);
    }
}
