package dev.weir.schema.registry;

/** Why a registry could not say anything: a closed set, for metrics. */
public enum RegistryFailure {
    /** No connection, or it broke. */
    UNREACHABLE,
    /** Not all of an answer within the time. */
    TIMEOUT,
    /** Its certificate is not to be trusted, or it does not take Weir's. */
    TLS,
    /** It does not know Weir, or does not let it read (401, 403). */
    UNAUTHORIZED,
    /** It wants to be asked less (429). */
    THROTTLED,
    /** It failed (5xx). */
    SERVER_ERROR,
    /** It answers something that is no registry's answer. */
    NOT_UNDERSTOOD,
    /** Too many questions wait for it. */
    OVERLOADED;

    /** Whether other questions would fail alike, so that it is better left alone for a while. */
    boolean isOfTheRegistry() {
        return this != NOT_UNDERSTOOD && this != OVERLOADED;
    }
}
