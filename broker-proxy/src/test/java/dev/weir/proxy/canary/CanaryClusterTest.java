package dev.weir.proxy.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.ClusterConfig;
import dev.weir.proxy.config.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class CanaryClusterTest {
    private static final ClusterConfig FIRST = cluster("first");
    private static final ClusterConfig SECOND = cluster("second");

    private static ClusterConfig cluster(String name) {
        return new ClusterConfig(name, List.of(new Endpoint("127.0.0.1", 9092)), null, null);
    }

    @Test
    void itIsTheOneOfTheReportsWhereClientsReachThatElseTheFirst() {
        List<ClusterConfig> clusters = List.of(FIRST, SECOND);

        assertThat(CanaryCluster.of(clusters, cluster("second"))).isEqualTo(SECOND);
        assertThat(CanaryCluster.of(clusters, cluster("elsewhere"))).isEqualTo(FIRST);
        assertThat(CanaryCluster.of(clusters, null)).isEqualTo(FIRST);
    }
}
