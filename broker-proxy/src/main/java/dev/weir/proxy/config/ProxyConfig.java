package dev.weir.proxy.config;

import java.util.List;

/**
 * One proxy: the clusters behind it and the listeners in front.
 *
 * @param clusters at least one, names unique
 * @param listeners at least one, names unique, each of a cluster in {@code clusters}
 */
public record ProxyConfig(List<ClusterConfig> clusters, List<ListenerConfig> listeners) {
    public ProxyConfig {
        clusters = List.copyOf(clusters);
        listeners = List.copyOf(listeners);
    }
}
