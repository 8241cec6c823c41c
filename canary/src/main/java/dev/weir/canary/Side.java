package dev.weir.canary;

/** The two versions of a service that share a consumer group's work. */
public enum Side {
    /** Keeps the group's own name. */
    STABLE,
    /** Works under a name of its own, beside it. */
    CANARY;

    /** The one that this one is not. */
    public Side other() {
        return this == STABLE ? CANARY : STABLE;
    }
}
