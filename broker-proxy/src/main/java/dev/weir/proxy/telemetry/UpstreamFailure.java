package dev.weir.proxy.telemetry;

/** Why a connection to a broker could not be opened, or did not last. */
public enum UpstreamFailure {
    /** The broker's name does not resolve, nobody listens, or the connection timed out. */
    CONNECT,
    /** The broker's certificate is not trusted or names another host, or it wants a certificate that it does not get. */
    TLS,
    /** The broker refused the credentials: Weir's own, or those of the client's Service. */
    CREDENTIALS,
    /** There is no upstream credential for the client's Service. */
    NO_CREDENTIAL,
    /** The broker closed the connection, or it broke, while requests waited on it. */
    CLOSED,
    /** The broker did not answer in time. */
    TIMEOUT,
    /** The broker sent what is no Kafka response. */
    MALFORMED;

    String attribute() {
        return AttributeNames.valueOf(this);
    }
}
