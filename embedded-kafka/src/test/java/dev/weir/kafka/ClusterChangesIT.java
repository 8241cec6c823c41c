package dev.weir.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.common.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Brokers of a cluster of three leave, move and join, as its clients see it. */
class ClusterChangesIT {

    private static EmbeddedKafka kafka;
    private static Admin client;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.builder().brokers(3).start();
        client = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    @AfterAll
    static void stop() {
        client.close();
        kafka.close();
    }

    @Test
    void stoppedBrokerComesBackOnItsPort() throws Exception {
        int port = kafka.port(2, "PLAINTEXT");

        kafka.stopBroker(2);
        assertThat(kafka.runningBrokerIds()).containsExactly(1, 3);
        assertThat(kafka.bootstrap()).doesNotContain(":" + port);
        assertThatThrownBy(() -> connect(port)).isInstanceOf(IOException.class);
        awaitBrokers(Set.of(1, 3));

        kafka.startBroker(2);
        assertThat(kafka.port(2, "PLAINTEXT")).isEqualTo(port);
        awaitBrokers(Set.of(1, 2, 3));
    }

    @Test
    void killedBrokerMovesToAnotherPort() throws Exception {
        int port = kafka.port(3, "PLAINTEXT");

        kafka.killBroker(3);
        kafka.startBrokerOnNewPorts(3);

        assertThat(kafka.port(3, "PLAINTEXT")).isNotEqualTo(port);
        await().ignoreExceptions()
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(advertisedPorts()).containsEntry(3, kafka.port(3, "PLAINTEXT")));
    }

    @Test
    void brokerJoinsAndLeaves() throws Exception {
        int added = kafka.addBroker();
        assertThat(added).isEqualTo(4);
        awaitBrokers(Set.of(1, 2, 3, 4));

        kafka.removeBroker(added);
        awaitBrokers(Set.of(1, 2, 3));
        assertThat(kafka.brokerIds()).containsExactly(1, 2, 3);
    }

    @Test
    void everyProductionFeatureIsOnAtItsLatestLevel() throws Exception {
        FeatureMetadata features = client.describeFeatures().featureMetadata().get(60, TimeUnit.SECONDS);

        assertThat(features.finalizedFeatures())
                .containsKeys("metadata.version", "transaction.version", "group.version", "share.version")
                .containsKey("streams.version");
        features.finalizedFeatures()
                .forEach((name, range) -> assertThat(range.maxVersionLevel())
                        .as(name)
                        .isEqualTo(features.supportedFeatures().get(name).maxVersion()));
    }

    @Test
    void askingForWhatIsNotThereSaysWhatThereIs() {
        assertThatThrownBy(() -> kafka.bootstrap("SASL")).hasMessageContainingAll("SASL", "PLAINTEXT");
        assertThatThrownBy(() -> kafka.startBroker(9)).hasMessageContaining("9");
        assertThatThrownBy(() -> kafka.startBrokerOnNewPorts(1)).hasMessageContaining("running [1");
        assertThatThrownBy(() -> kafka.stopBroker(9)).hasMessageContaining("9");
    }

    private static void awaitBrokers(Set<Integer> nodeIds) {
        await().ignoreExceptions()
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(advertisedPorts().keySet()).isEqualTo(nodeIds));
    }

    private static Map<Integer, Integer> advertisedPorts() throws Exception {
        Map<Integer, Integer> ports = new TreeMap<>();
        for (Node node : client.describeCluster().nodes().get(60, TimeUnit.SECONDS)) {
            ports.put(node.id(), node.port());
        }
        return ports;
    }

    private static void connect(int port) throws IOException {
        SocketChannel.open(new InetSocketAddress("127.0.0.1", port)).close();
    }
}
