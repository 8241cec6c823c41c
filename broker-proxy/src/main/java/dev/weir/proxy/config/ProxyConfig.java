package dev.weir.proxy.config;

import java.util.List;

/**
 * One proxy: the clusters behind it and the listeners in front.
 *
 * @param clusters at least one, names unique
 * @param listeners at least one, names unique, each of a cluster in {@code clusters}
 * @param signing the keys that records are signed and verified with
 * @param schemaRegistries that policy may name, names unique
 */
public record ProxyConfig(
        List<ClusterConfig> clusters,
        List<ListenerConfig> listeners,
        SigningConfig signing,
        List<SchemaRegistryConfig> schemaRegistries) {
    public ProxyConfig {
        clusters = List.copyOf(clusters);
        listeners = List.copyOf(listeners);
        schemaRegistries = List.copyOf(schemaRegistries);
    }

    /** Without keys and registries. */
    public ProxyConfig(List<ClusterConfig> clusters, List<ListenerConfig> listeners) {
        this(clusters, listeners, SigningConfig.NONE, List.of());
    }
}
