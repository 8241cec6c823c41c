package dev.weir.cli.config;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.topology.login.OidcSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A topology beside the proxy.
 *
 * @param home the cluster that holds the reports
 * @param clusters whose brokers are asked what went around the mesh: all that there are
 * @param bind where its API and the dashboard listen
 * @param stateDir where it keeps what it can make anew; a folder for this run only if left out
 * @param oidc who may see it, or {@code null} for whoever reaches it
 */
public record TopologyConfig(
        ClusterConfig home,
        List<ClusterConfig> clusters,
        Endpoint bind,
        Optional<Path> stateDir,
        @Nullable OidcSettings oidc) {
    /** Only this machine sees it unless the configuration says otherwise: nobody is asked for a password. */
    public static final Endpoint BIND_DEFAULT = new Endpoint("127.0.0.1", 9191);

    public TopologyConfig {
        clusters = List.copyOf(clusters);
    }
}
