package dev.weir.proxy.telemetry;

/** Why a side of a canary is refused records. */
public enum CanaryRefusal {
    /** The client is in no group. */
    NO_GROUP,
    /** It is in another group than the canary's. */
    OTHER_GROUP,
    /** A share group would read it. */
    SHARE_GROUP,
    /** Nothing can be taken out of them: they are of an old format, too large, or not readable. */
    RECORDS
}
