package dev.weir.proxy.telemetry;

/** Why a client's connection was closed before it could send a request. */
public enum RefusalReason {
    /** The listener holds as many connections as it may. */
    CONNECTION_LIMIT,
    /** TLS failed: no TLS at all, no common version, a client certificate that is missing or not trusted, or the client closed before it was done. */
    TLS,
    /** The client's TLS told no server name, or none of this listener's (SNI). */
    SERVER_NAME,
    /** A user name that is not known, a wrong password, a token that is not good. */
    CREDENTIALS,
    /** A token could not be checked, for want of its issuer's keys. */
    ISSUER_UNAVAILABLE,
    /** The authority took back the client's certificate. */
    CERTIFICATE_REVOKED,
    /** TLS or SASL took longer than it may. */
    HANDSHAKE_TIMEOUT,
    /** There is no credential towards brokers for the client's Service, or brokers refuse it. */
    UPSTREAM_CREDENTIAL,
    /** No broker could be reached for it. */
    NO_BROKER,
    /** Weir is stopping. */
    DRAINING;

    String attribute() {
        return AttributeNames.valueOf(this);
    }
}
