package dev.weir.proxy.canary;

import dev.weir.proxy.config.ClusterConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In which of several clusters the canaries of policy are: policy names topics, and no cluster. */
public final class CanaryCluster {
    private CanaryCluster() {}

    /**
     * Chooses it; every proxy and controller of a mesh has to choose the same.
     *
     * @param clusters those that clients reach, in the order of the configuration; not empty
     * @param home the cluster that reports go to, if there are any
     */
    public static ClusterConfig of(List<ClusterConfig> clusters, @Nullable ClusterConfig home) {
        return clusters.stream()
                .filter(cluster -> home != null && cluster.name().equals(home.name()))
                .findFirst()
                .orElse(clusters.get(0));
    }
}
