package dev.weir.kafka;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running cluster: one controller and one or more brokers, each on 127.0.0.1.
 *
 * <p>Broker node ids count from 1. A broker keeps its ports when it is stopped and started again, unless it is started with
 * {@link #startBrokerOnNewPorts}. All methods may be called from any thread; those that start or stop nodes block until that is
 * done and exclude each other. {@link #close} ends every thread and socket of the cluster, and deletes its data unless the
 * caller gave the directory; a cluster with temporary data is closed at the end of the JVM at the latest.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final ClusterSettings settings;
    private final ClusterData data;
    private final NodeStorage storage;
    private final NodeProperties nodeProperties;
    private final CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
    /** Ports by broker and listener name: of every broker that ever ran and was not removed. */
    private final Map<Integer, Map<String, Integer>> ports = new TreeMap<>();

    private final Map<Integer, KafkaNode.Broker> running = new TreeMap<>();
    private KafkaNode.@Nullable Controller controller;
    private @Nullable Admin admin;
    private boolean closed;

    private EmbeddedKafka(ClusterSettings settings) {
        this.settings = settings;
        this.data = new ClusterData(settings.dataDir());
        this.storage = new NodeStorage(data.root(), settings.scramUsers());
        this.nodeProperties = new NodeProperties(settings, Uuid.randomUuid().toString());
    }

    public static EmbeddedKafkaBuilder builder() {
        return new EmbeddedKafkaBuilder();
    }

    static EmbeddedKafka start(ClusterSettings settings) {
        EmbeddedKafka kafka = new EmbeddedKafka(settings);
        kafka.startCluster();
        kafka.data.closeAtExit(kafka::close);
        return kafka;
    }

    /** One broker with one PLAINTEXT listener named {@code PLAINTEXT} on a port the system chooses. */
    public static EmbeddedKafka start() {
        return builder().start();
    }

    /** {@code host:port,...} of the running brokers, for {@code bootstrap.servers} of clients of this listener. */
    public synchronized String bootstrap(String listenerName) {
        ClientListener listener = settings.listener(listenerName);
        return running.keySet().stream()
                .map(id -> listener.advertisedHost() + ":" + port(id, listenerName))
                .collect(Collectors.joining(","));
    }

    /** Bootstrap of the first client listener. */
    public String bootstrap() {
        return bootstrap(settings.listeners().get(0).name());
    }

    /** Where a broker listens, or listened before it was stopped. */
    public synchronized int port(int nodeId, String listenerName) {
        Map<String, Integer> known = ports.get(nodeId);
        Integer port = known == null ? null : known.get(listenerName);
        if (port == null) {
            throw new IllegalArgumentException("no listener " + listenerName + " on broker " + nodeId + "; brokers "
                    + ports.keySet() + ", listeners " + settings.listenerNames());
        }
        return port;
    }

    /** Node ids of all brokers, running or stopped. */
    public synchronized Set<Integer> brokerIds() {
        return new TreeSet<>(ports.keySet());
    }

    public synchronized Set<Integer> runningBrokerIds() {
        return new TreeSet<>(running.keySet());
    }

    public String clusterId() {
        return storage.clusterId();
    }

    /** Waits for the controller to move leaders away, then stops. Clients see their connections closed. */
    public synchronized void stopBroker(int nodeId) {
        stop(nodeId, STOP_TIMEOUT);
    }

    /** Stops without telling the controller first: leaders move only when it notices, after about 3 s. */
    public synchronized void killBroker(int nodeId) {
        stop(nodeId, Duration.ZERO);
    }

    /** Starts a stopped broker on the ports it had. */
    public synchronized void startBroker(int nodeId) {
        Map<String, Integer> known = ports.get(nodeId);
        if (known == null || running.containsKey(nodeId)) {
            throw new IllegalStateException("broker " + nodeId + " is not a stopped broker of this cluster; brokers "
                    + ports.keySet() + ", running " + running.keySet());
        }
        startBrokers(Map.of(nodeId, known));
    }

    /** Starts a stopped broker on ports that the system chooses: to clients, its address has changed. */
    public synchronized void startBrokerOnNewPorts(int nodeId) {
        Map<String, Integer> before = ports.put(nodeId, settings.unchosenPorts());
        if (before == null) {
            ports.remove(nodeId);
        }
        startBroker(nodeId);
    }

    /** Adds a broker to the cluster, with an empty log directory and no partitions. Returns its node id. */
    public synchronized int addBroker() {
        int nodeId = ports.keySet().stream().max(Integer::compare).orElse(0) + 1;
        startBrokers(Map.of(nodeId, settings.unchosenPorts()));
        return nodeId;
    }

    /** Stops a broker and takes it out of the cluster's metadata. Its partitions are not moved: that is the caller's business. */
    public synchronized void removeBroker(int nodeId) {
        if (running.containsKey(nodeId)) {
            stopBroker(nodeId);
        }
        await(admin().unregisterBroker(nodeId).all(), "broker " + nodeId + " cannot be taken out of the cluster");
        ports.remove(nodeId);
    }

    /** A client with all rights, over a listener of its own; it is closed with the cluster. */
    public synchronized Admin admin() {
        if (admin == null) {
            admin = Admin.create(nodeProperties.internalClient(internalBootstrap()));
        }
        return admin;
    }

    /** Properties for any further client with all rights: it reaches the brokers past every {@link ClientListener}. */
    public synchronized Map<String, Object> superUserProperties() {
        return nodeProperties.internalClient(internalBootstrap());
    }

    /**
     * Creates a topic whose partitions have one replica on every broker there was at the start. When it returns, every running
     * broker knows the topic and every leader serves its partition, so that no request finds it half there.
     */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** As {@link #createTopic(String, int)}, with configs of its own from the beginning. */
    public synchronized void createTopic(String name, int partitions, Map<String, String> configs) {
        NewTopic topic = new NewTopic(name, partitions, (short) settings.brokers()).configs(configs);
        await(admin().createTopics(List.of(topic)).all(), "topic " + name + " cannot be created");
        awaitBrokers(
                broker -> broker.serves(name, partitions),
                "topic " + name + " is created but not served by all brokers");
    }

    /** Adds ACLs to a cluster with an authorizer. When it returns, every running broker decides by them. */
    public synchronized void createAcls(List<AclBinding> acls) {
        await(admin().createAcls(acls).all(), "ACLs cannot be created");
        awaitBrokers(
                broker -> acls.stream().allMatch(broker::decidesBy), "ACLs are created but not known to all brokers");
    }

    /** Takes ACLs away. When it returns, no running broker decides by them any more. */
    public synchronized void deleteAcls(List<AclBinding> acls) {
        await(
                admin().deleteAcls(acls.stream().map(AclBinding::toFilter).toList())
                        .all(),
                "ACLs cannot be deleted");
        awaitBrokers(
                broker -> acls.stream().noneMatch(broker::decidesBy),
                "ACLs are deleted but still known to some brokers");
    }

    private void awaitBrokers(Predicate<KafkaNode.Broker> condition, String otherwise) {
        long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!running.values().stream().allMatch(condition)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new EmbeddedKafkaException(otherwise + " after " + START_TIMEOUT);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
        Map<Integer, KafkaNode.Broker> brokers = new LinkedHashMap<>(running);
        running.clear();
        NodeTasks.inParallel(brokers.values().stream()
                .<Runnable>map(broker -> () -> broker.shutDown(STOP_TIMEOUT))
                .toList());
        if (controller != null) {
            controller.shutDown(STOP_TIMEOUT);
        }
        data.close();
    }

    private void startCluster() {
        long startNanos = System.nanoTime();
        try {
            Map<Integer, Map<String, Integer>> wanted = new TreeMap<>();
            for (int nodeId = 1; nodeId <= settings.brokers(); nodeId++) {
                wanted.put(nodeId, settings.firstPorts(nodeId));
            }
            KafkaNode.Controller node =
                    new KafkaNode.Controller(nodeProperties.controller(storage.controllerDir()), voters);
            controller = node;
            NodeTasks.inParallel(List.of(node::startUp, () -> startBrokers(wanted)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        LOG.atDebug()
                .addKeyValue("brokers", settings.brokers())
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos))
                .log("embedded Kafka started");
    }

    private void startBrokers(Map<Integer, Map<String, Integer>> wanted) {
        if (closed) {
            throw new IllegalStateException("this cluster is closed");
        }
        Map<Integer, KafkaNode.Broker> nodes = new TreeMap<>();
        wanted.forEach((nodeId, chosen) -> nodes.put(
                nodeId,
                new KafkaNode.Broker(nodeProperties.broker(nodeId, storage.brokerDir(nodeId), chosen), voters)));
        try {
            NodeTasks.inParallel(
                    nodes.values().stream().<Runnable>map(node -> node::startUp).toList());
        } catch (RuntimeException e) {
            nodes.values().forEach(node -> node.shutDown(Duration.ZERO));
            throw e;
        }
        List<String> names = new ArrayList<>(settings.listenerNames());
        names.add(NodeProperties.INTERNAL);
        nodes.forEach((nodeId, node) -> {
            ports.put(nodeId, node.ports(names));
            running.put(nodeId, node);
        });
    }

    private void stop(int nodeId, Duration timeout) {
        KafkaNode.Broker node = running.remove(nodeId);
        if (node == null) {
            throw new IllegalStateException(
                    "broker " + nodeId + " is not running; running brokers are " + running.keySet());
        }
        node.shutDown(timeout);
    }

    private String internalBootstrap() {
        return running.keySet().stream()
                .map(id -> "127.0.0.1:" + port(id, NodeProperties.INTERNAL))
                .collect(Collectors.joining(","));
    }

    private static void await(KafkaFuture<?> future, String failed) {
        try {
            future.get(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedKafkaException(failed + ": interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new EmbeddedKafkaException(failed + ": " + e.getMessage(), e);
        }
    }
}
