package dev.weir.cli.config;

import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import dev.weir.topology.login.OidcSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code topology}: whether one runs here, and where it is to be seen. */
final class TopologyReader {
    private final ReferencedFiles files;
    private final PortPlan ports;
    private final List<ClusterConfig> clusters;
    private final Optional<ClusterConfig> home;
    private final boolean reported;

    /**
     * @param clusters the first holds the reports of other proxies, when this one has none
     * @param reports empty when this proxy does not report; then there is a topology only if one is asked for
     */
    TopologyReader(
            List<ClusterConfig> clusters, Optional<ReportsConfig> reports, ReferencedFiles files, PortPlan ports) {
        this.files = files;
        this.ports = ports;
        this.clusters = clusters;
        this.home = reports.map(ReportsConfig::home).or(() -> clusters.stream().findFirst());
        this.reported = reports.isPresent();
    }

    Optional<TopologyConfig> read(YamlObject root) {
        if (!root.has("topology")) {
            return reported
                    ? home.map(cluster ->
                            new TopologyConfig(cluster, clusters, TopologyConfig.BIND_DEFAULT, Optional.empty(), null))
                    : Optional.empty();
        }
        return root.object("topology", this::topology).flatMap(read -> read);
    }

    private Optional<TopologyConfig> topology(YamlObject topology) {
        boolean enabled = topology.bool("enabled", true);
        Endpoint bind = topology.text("bind")
                .flatMap(text -> Endpoints.parse(text, files.problems()))
                .orElse(TopologyConfig.BIND_DEFAULT);
        Optional<Path> stateDir = topology.text("stateDir").map(files::resolve);
        Optional<OidcSettings> oidc = topology.object("oidc", new OidcReader(files)::read);
        boolean allowAnonymous = topology.bool("allowAnonymous", false);
        if (!enabled) {
            return Optional.empty();
        }
        if (oidc.isPresent() && allowAnonymous) {
            files.problems()
                    .add(topology.at("allowAnonymous"), "either everybody may see it, or who logs in", "both", "one");
        }
        if (oidc.isEmpty() && !allowAnonymous && !topology.has("oidc")) {
            Exposure.check(
                    topology,
                    bind,
                    "\"oidc\", or allowAnonymous: true where the network lets in only those who may",
                    files.problems());
        }
        ports.add(bind, "the topology", topology.at());
        return home.map(cluster -> new TopologyConfig(cluster, clusters, bind, stateDir, oidc.orElse(null)));
    }
}
