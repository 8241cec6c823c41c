package dev.weir.cli.config;

import dev.weir.proxy.config.ClusterConfig;
import java.util.Optional;

/**
 * Where a proxy reports what it sees.
 *
 * @param home the cluster that holds the report topics
 * @param proxyName of this proxy, unique in the mesh; host name and admin port if left out
 */
public record ReportsConfig(ClusterConfig home, Optional<String> proxyName) {}
