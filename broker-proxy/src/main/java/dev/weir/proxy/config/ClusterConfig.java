package dev.weir.proxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka cluster, upstream.
 *
 * @param name for logs, metrics and listeners
 * @param bootstrap brokers to learn the cluster from; those that do not answer are passed over
 * @param tls how the brokers are verified, or {@code null} for plaintext
 * @param sasl how Weir logs in, for itself and for all clients that have nothing of their own; {@code null} not to
 */
public record ClusterConfig(
        String name,
        List<Endpoint> bootstrap,
        @Nullable UpstreamTls tls,
        @Nullable UpstreamSasl sasl) {
    public ClusterConfig {
        bootstrap = List.copyOf(bootstrap);
    }
}
