package dev.weir.proxy.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka cluster, upstream.
 *
 * @param name for logs, metrics, listeners and mirrors
 * @param bootstrap brokers to learn the cluster from; those that do not answer are passed over
 * @param tls how the brokers are verified, or {@code null} for plaintext
 * @param sasl how Weir logs in, for itself and for all clients that have nothing of their own; {@code null} not to
 * @param mirrors how much is done for mirrors that lead there
 * @param canaries how its canaries are served
 */
public record ClusterConfig(
        String name,
        List<Endpoint> bootstrap,
        @Nullable UpstreamTls tls,
        @Nullable UpstreamSasl sasl,
        MirrorConfig mirrors,
        CanaryConfig canaries) {
    public ClusterConfig {
        bootstrap = List.copyOf(bootstrap);
    }

    /** With the usual limits for mirrors and canaries. */
    public ClusterConfig(
            String name, List<Endpoint> bootstrap, @Nullable UpstreamTls tls, @Nullable UpstreamSasl sasl) {
        this(name, bootstrap, tls, sasl, MirrorConfig.DEFAULT);
    }

    /** With the usual limits for canaries. */
    public ClusterConfig(
            String name,
            List<Endpoint> bootstrap,
            @Nullable UpstreamTls tls,
            @Nullable UpstreamSasl sasl,
            MirrorConfig mirrors) {
        this(name, bootstrap, tls, sasl, mirrors, CanaryConfig.DEFAULT);
    }
}
