package dev.weir.proxy.config;

import org.jspecify.annotations.Nullable;

/**
 * One front door, downstream: a bootstrap port, and a port for each broker.
 *
 * @param name for logs, metrics and status
 * @param cluster the cluster behind it
 * @param bind address and bootstrap port to listen on
 * @param advertisedHost the host that clients are told to connect to
 * @param brokerPorts which port each broker gets
 * @param tls server side TLS, or {@code null} for plaintext
 * @param sasl SASL that clients must go through, or {@code null} for none
 * @param limits bounds for each connection
 */
public record ListenerConfig(
        String name,
        String cluster,
        Endpoint bind,
        String advertisedHost,
        BrokerPorts brokerPorts,
        @Nullable ListenerTls tls,
        @Nullable ListenerSasl sasl,
        ListenerLimits limits) {}
