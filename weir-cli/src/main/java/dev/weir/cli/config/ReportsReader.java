package dev.weir.cli.config;

import dev.weir.policy.yaml.Problems;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import dev.weir.proxy.config.ClusterConfig;
import java.util.List;
import java.util.Optional;

/** Reads {@code reports}: whether, where and under which name traffic is reported. */
final class ReportsReader {
    private final List<ClusterConfig> clusters;
    private final Problems problems;

    ReportsReader(List<ClusterConfig> clusters, Problems problems) {
        this.clusters = clusters;
        this.problems = problems;
    }

    /** Empty when nothing is to be reported. */
    Optional<ReportsConfig> read(YamlObject reports) {
        boolean enabled = reports.bool("enabled", true);
        Optional<ClusterConfig> home =
                reports.text("cluster").flatMap(this::cluster).or(this::first);
        Optional<Text> name = reports.text("proxyName");
        name.ifPresent(text -> Names.check(text, problems));
        return enabled ? home.map(cluster -> new ReportsConfig(cluster, name.map(Text::value))) : Optional.empty();
    }

    /** When the configuration says nothing of reports. */
    Optional<ReportsConfig> fallback() {
        return first().map(cluster -> new ReportsConfig(cluster, Optional.empty()));
    }

    private Optional<ClusterConfig> first() {
        return clusters.stream().findFirst();
    }

    private Optional<ClusterConfig> cluster(Text name) {
        Optional<ClusterConfig> found = clusters.stream()
                .filter(cluster -> cluster.name().equals(name.value()))
                .findFirst();
        if (found.isEmpty()) {
            problems.addUnknown(
                    "cluster", name, clusters.stream().map(ClusterConfig::name).toList());
        }
        return found;
    }
}
