package dev.weir.proxy.telemetry;

/** Why Weir ended the session of a client that had logged in. */
public enum SessionEnd {
    /** Its lifetime passed without a new log-in (KIP-368): that of the token, or {@code sasl.sessionLifetimeMax}. */
    EXPIRED,
    /** Its user is not in the users file any more, or not for its mechanism. */
    USER_REMOVED,
    /** Its user has another password now. */
    PASSWORD_CHANGED,
    /** The identity provider took back the key that signed its token. */
    KEY_WITHDRAWN,
    /** The authority took back its certificate. */
    CERTIFICATE_REVOKED;

    String attribute() {
        return AttributeNames.valueOf(this);
    }
}
