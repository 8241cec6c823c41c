package dev.weir.proxy.telemetry;

/** Why a record's signature proves nothing about who wrote it. */
public enum Unverified {
    /** It has none: it was not written through Weir, or before it was to be signed. */
    MISSING,
    /** It is of a key that this proxy does not trust. */
    UNKNOWN_KEY,
    /** The record, its place or its principal is not what was signed, or it has several signatures or principals. */
    FORGED,
    /** As {@link #FORGED}, where the broker sets the timestamps: log cleaners replace what was signed there by that. */
    APPEND_TIME,
    /** Formats 0 and 1 have no headers. */
    OLD_FORMAT,
    /** The batch cannot be read, or becomes too large. */
    UNREADABLE,
    /** The cluster's id or the topic's is not known yet. */
    UNKNOWN_PLACE,
    /** This proxy has no keys to verify with. */
    NO_KEYS;

    /** {@code unknown-key}. */
    public String word() {
        return AttributeNames.valueOf(this);
    }
}
