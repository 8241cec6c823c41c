package dev.weir.proxy.config;

import org.jspecify.annotations.Nullable;

/**
 * One front door, downstream.
 *
 * @param name for logs, metrics and status
 * @param cluster the cluster behind it
 * @param bind address and bootstrap port to listen on
 * @param advertisedHost the host that clients are told to connect to, first and, with a port for each broker, next
 * @param brokers how clients tell brokers apart; by name only with {@code tls}
 * @param tls server side TLS, or {@code null} for plaintext
 * @param sasl SASL that clients must go through, or {@code null} for none
 * @param limits bounds for each connection
 * @param upstream with whose credentials its clients come to brokers
 */
public record ListenerConfig(
        String name,
        String cluster,
        Endpoint bind,
        String advertisedHost,
        BrokerAddressing brokers,
        @Nullable ListenerTls tls,
        @Nullable ListenerSasl sasl,
        ListenerLimits limits,
        ListenerUpstream upstream) {
    public ListenerConfig {
        if (upstream instanceof ListenerUpstream.PassThrough && sasl == null) {
            throw new IllegalArgumentException("listener " + name + " passes log-ins on, and has no SASL to pass on");
        }
        if (brokers instanceof BrokerNames && tls == null) {
            throw new IllegalArgumentException(
                    "listener " + name + " has names for its brokers, which only TLS can tell");
        }
    }

    /** One whose clients share the cluster's credentials. */
    public ListenerConfig(
            String name,
            String cluster,
            Endpoint bind,
            String advertisedHost,
            BrokerAddressing brokers,
            @Nullable ListenerTls tls,
            @Nullable ListenerSasl sasl,
            ListenerLimits limits) {
        this(name, cluster, bind, advertisedHost, brokers, tls, sasl, limits, new ListenerUpstream.Shared());
    }
}
