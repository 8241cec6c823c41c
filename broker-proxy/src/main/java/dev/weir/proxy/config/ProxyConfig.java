package dev.weir.proxy.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One proxy: the clusters behind it and the listeners in front.
 *
 * @param clusters at least one, names unique
 * @param listeners at least one, names unique, each of a cluster in {@code clusters}
 * @param signingKey PEM file of the Ed25519 key that signs records where policy wants it, re-read when it changes; or {@code null}
 */
public record ProxyConfig(
        List<ClusterConfig> clusters,
        List<ListenerConfig> listeners,
        @Nullable Path signingKey) {
    public ProxyConfig {
        clusters = List.copyOf(clusters);
        listeners = List.copyOf(listeners);
    }

    /** Without a key. */
    public ProxyConfig(List<ClusterConfig> clusters, List<ListenerConfig> listeners) {
        this(clusters, listeners, null);
    }
}
