package dev.weir.proxy.telemetry;

/** Why a side of a canary does not get records yet. */
public enum CanaryHold {
    /** Its weight is being changed. */
    CHANGE,
    /** It is not known what holds: the log of changes has not been read yet, or no controller has extended the lease. */
    UNKNOWN,
    /** The client was not seen in the canary's group yet. */
    MEMBERSHIP,
    /** The other side has not committed what came before. */
    HANDOVER
}
