package dev.weir.kafka;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import kafka.cluster.Partition;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.MetadataCache;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;

/**
 * One Kafka node. A stopped node is not started again: a new one takes over its directory.
 *
 * <p>The parts are put together here, and not by {@code KafkaRaftServer}, for three reasons: a fatal fault must not end this JVM,
 * the controller's port must be free to be chosen by the system, and nothing is to be registered with JMX.
 */
sealed interface KafkaNode {

    /** Blocks until the node serves requests. */
    void startUp();

    /** Blocks until nothing of the node runs. */
    void shutDown(Duration timeout);

    /** The quorum's single voter. */
    final class Controller implements KafkaNode {

        private final ControllerServer server;

        Controller(Map<String, String> properties, CompletableFuture<Map<Integer, InetSocketAddress>> voters) {
            Parts parts = Parts.of(properties, voters);
            this.server = new ControllerServer(parts.shared(), KafkaRaftServer.configSchema(), parts.bootstrap());
            // Brokers started at the same time wait for this address. Nobody waits for what whenComplete returns.
            CompletableFuture<?> unused = server.socketServerFirstBoundPortFuture()
                    .whenComplete((port, failure) -> {
                        if (failure == null) {
                            voters.complete(Map.of(
                                    NodeProperties.CONTROLLER_NODE_ID,
                                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
                        } else {
                            voters.completeExceptionally(failure);
                        }
                    });
        }

        @Override
        public void startUp() {
            server.startup();
        }

        @Override
        public void shutDown(Duration timeout) {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    /** A broker with all of its listeners. */
    final class Broker implements KafkaNode {

        private final BrokerServer server;

        Broker(Map<String, String> properties, CompletableFuture<Map<Integer, InetSocketAddress>> voters) {
            this.server = new BrokerServer(Parts.of(properties, voters).shared());
        }

        @Override
        public void startUp() {
            server.startup();
        }

        @Override
        public void shutDown(Duration timeout) {
            server.shutdown(timeout);
            server.awaitShutdown();
        }

        /** Bound port by listener name; only after {@link #startUp}. */
        Map<String, Integer> ports(Iterable<String> listenerNames) {
            Map<String, Integer> ports = new HashMap<>();
            listenerNames.forEach(name -> ports.put(name, server.boundPort(new ListenerName(name))));
            return ports;
        }

        /** Whether this broker knows the whole topic and is ready to lead the partitions it was given. */
        boolean serves(String topic, int partitions) {
            MetadataCache metadata = server.metadataCache();
            return metadata.numPartitions(topic).equals(Optional.of(partitions))
                    && IntStream.range(0, partitions).allMatch(partition -> serves(metadata, topic, partition));
        }

        /** Whether this broker's authorizer has the ACL; never where there is none. */
        boolean decidesBy(AclBinding acl) {
            return server.authorizerPlugin()
                    .exists(authorizer ->
                            authorizer.get().acls(acl.toFilter()).iterator().hasNext());
        }

        private boolean serves(MetadataCache metadata, String topic, int partition) {
            Option<Partition> online = server.replicaManager().onlinePartition(new TopicPartition(topic, partition));
            return metadata.getLeaderAndIsr(topic, partition)
                    .filter(known -> known.leader() != server.config().nodeId()
                            || (online.isDefined() && online.get().isLeader()))
                    .isPresent();
        }
    }

    /** What both kinds of node are made of. */
    record Parts(SharedServer shared, BootstrapMetadata bootstrap) {

        private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);

        static Parts of(Map<String, String> properties, CompletableFuture<Map<Integer, InetSocketAddress>> voters) {
            KafkaConfig config = new KafkaConfig(properties, false);
            Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> storage =
                    KafkaRaftServer.initializeLogDirs(config, LOG, "node " + config.nodeId() + ": ");
            String clusterId = storage._1().clusterId().orElseThrow();
            SharedServer shared = new SharedServer(
                    config,
                    storage._1(),
                    Time.SYSTEM,
                    Server.initializeMetrics(config, Time.SYSTEM, clusterId),
                    voters,
                    List.of(),
                    (name, fatal, action) -> new LoggingFaultHandler(name, action),
                    ServerSocketFactory.INSTANCE);
            return new Parts(shared, storage._2());
        }
    }
}
