package dev.weir.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
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

    private final Settings settings;
    private final Path root;
    private final NodeStorage storage;
    private final NodeProperties nodeProperties;
    private final CompletableFuture<Map<Integer, InetSocketAddress>> voters = new CompletableFuture<>();
    /** Ports by broker and listener name: of every broker that ever ran and was not removed. */
    private final Map<Integer, Map<String, Integer>> ports = new TreeMap<>();

    private final Map<Integer, KafkaNode.Broker> running = new TreeMap<>();
    private KafkaNode.@Nullable Controller controller;
    private @Nullable Admin admin;
    private @Nullable Thread exitHook;
    private boolean closed;

    private EmbeddedKafka(Settings settings) {
        this.settings = settings;
        this.root = settings.dataDir() == null ? temporaryDir() : settings.dataDir();
        this.storage = new NodeStorage(root, settings.scramUsers());
        this.nodeProperties = new NodeProperties(settings, Uuid.randomUuid().toString());
    }

    public static Builder builder() {
        return new Builder();
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
        Map<String, Integer> before = ports.put(nodeId, unchosenPorts());
        if (before == null) {
            ports.remove(nodeId);
        }
        startBroker(nodeId);
    }

    /** Adds a broker to the cluster, with an empty log directory and no partitions. Returns its node id. */
    public synchronized int addBroker() {
        int nodeId = ports.keySet().stream().max(Integer::compare).orElse(0) + 1;
        startBrokers(Map.of(nodeId, unchosenPorts()));
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
    public synchronized void createTopic(String name, int partitions) {
        NewTopic topic = new NewTopic(name, partitions, (short) settings.brokers());
        await(admin().createTopics(List.of(topic)).all(), "topic " + name + " cannot be created");
        long deadlineNanos = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!running.values().stream().allMatch(broker -> broker.serves(name, partitions))) {
            if (System.nanoTime() > deadlineNanos) {
                throw new EmbeddedKafkaException(
                        "topic " + name + " is created but not served by all brokers after " + START_TIMEOUT);
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
        inParallel(brokers.values().stream()
                .<Runnable>map(broker -> () -> broker.shutDown(STOP_TIMEOUT))
                .toList());
        if (controller != null) {
            controller.shutDown(STOP_TIMEOUT);
        }
        if (settings.dataDir() == null) {
            delete(root);
        }
        forgetExit();
    }

    private void startCluster() {
        long startNanos = System.nanoTime();
        try {
            Map<Integer, Map<String, Integer>> wanted = new TreeMap<>();
            for (int nodeId = 1; nodeId <= settings.brokers(); nodeId++) {
                wanted.put(nodeId, firstPorts(nodeId));
            }
            KafkaNode.Controller node =
                    new KafkaNode.Controller(nodeProperties.controller(storage.controllerDir()), voters);
            controller = node;
            inParallel(List.of(node::startUp, () -> startBrokers(wanted)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        LOG.atDebug()
                .addKeyValue("brokers", settings.brokers())
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos))
                .log("embedded Kafka started");
    }

    /** Temporary data must not outlive this JVM, also when it is told to end before anyone closes the cluster. */
    private void closeAtExit() {
        if (settings.dataDir() == null) {
            Thread hook = new Thread(this::close, "embedded-kafka-exit");
            Runtime.getRuntime().addShutdownHook(hook);
            exitHook = hook;
        }
    }

    private void forgetExit() {
        if (exitHook != null && exitHook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(exitHook);
            } catch (IllegalStateException e) {
                // The JVM is ending: the hook runs, and finds the cluster closed.
            }
        }
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
            inParallel(
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

    private Map<String, Integer> firstPorts(int nodeId) {
        Map<String, Integer> chosen = unchosenPorts();
        for (ClientListener listener : settings.listeners()) {
            if (listener.firstPort() != 0) {
                chosen.put(listener.name(), listener.firstPort() + nodeId - 1);
            }
        }
        return chosen;
    }

    private Map<String, Integer> unchosenPorts() {
        Map<String, Integer> chosen = new HashMap<>();
        settings.listenerNames().forEach(name -> chosen.put(name, 0));
        chosen.put(NodeProperties.INTERNAL, 0);
        return chosen;
    }

    private String internalBootstrap() {
        return running.keySet().stream()
                .map(id -> "127.0.0.1:" + port(id, NodeProperties.INTERNAL))
                .collect(Collectors.joining(","));
    }

    /** Runs all to the end, then throws the first failure. */
    private static void inParallel(List<Runnable> tasks) {
        List<CompletableFuture<@Nullable Void>> results = new ArrayList<>();
        for (Runnable task : tasks) {
            CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
            results.add(result);
            Thread thread = new Thread(
                    () -> {
                        try {
                            task.run();
                            result.complete(null);
                        } catch (Throwable e) {
                            result.completeExceptionally(e);
                        }
                    },
                    "embedded-kafka-" + results.size());
            thread.start();
        }
        EmbeddedKafkaException failure = null;
        for (CompletableFuture<@Nullable Void> result : results) {
            try {
                result.join();
            } catch (RuntimeException e) {
                EmbeddedKafkaException node = nodeFailure(e.getCause() == null ? e : e.getCause());
                if (failure == null) {
                    failure = node;
                } else {
                    failure.addSuppressed(node);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Kafka's outermost message says which step failed, its innermost one says why. */
    private static EmbeddedKafkaException nodeFailure(Throwable thrown) {
        if (thrown instanceof EmbeddedKafkaException known) {
            return known;
        }
        Throwable why = thrown;
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof KafkaException) {
                why = t;
            }
        }
        return new EmbeddedKafkaException("a Kafka node does not run: " + why.getMessage(), thrown);
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

    private static Path temporaryDir() {
        try {
            return Files.createTempDirectory("weir-kafka-");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary directory for the embedded Kafka", e);
        }
    }

    private static void delete(Path dir) {
        try {
            Files.walkFileTree(dir, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("dir", dir).setCause(e).log("data of the embedded Kafka is left behind");
        }
    }

    /** What a cluster is started with. */
    record Settings(
            int brokers,
            List<ClientListener> listeners,
            boolean authorizer,
            List<String> superUsers,
            boolean autoCreateTopics,
            Map<String, String> properties,
            @Nullable Path dataDir) {

        List<String> listenerNames() {
            return listeners.stream().map(ClientListener::name).toList();
        }

        ClientListener listener(String name) {
            return listeners.stream()
                    .filter(listener -> listener.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no listener " + name + "; this cluster has " + listenerNames()));
        }

        Map<String, String> scramUsers() {
            Map<String, String> users = new HashMap<>();
            for (ClientListener listener : listeners) {
                if (listener.sasl() != null) {
                    users.putAll(listener.sasl().scramUsers());
                }
            }
            return users;
        }
    }

    /** Collects what a cluster is started with. Without a listener it gets {@code ClientListener.plaintext("PLAINTEXT")}. */
    public static final class Builder {

        private static final int BROKERS_MAX = 3;

        private int brokers = 1;
        private final Map<String, ClientListener> listeners = new LinkedHashMap<>();
        private boolean authorizer;
        private List<String> superUsers = List.of();
        private boolean autoCreateTopics = true;
        private final Map<String, String> properties = new HashMap<>();
        private @Nullable Path dataDir;

        private Builder() {}

        /** How many brokers there are at the start, 1 to 3. Kafka's own topics get this many replicas. */
        public Builder brokers(int count) {
            if (count < 1 || count > BROKERS_MAX) {
                throw new IllegalArgumentException(count + " brokers; expected 1 to " + BROKERS_MAX);
            }
            brokers = count;
            return this;
        }

        public Builder listener(ClientListener listener) {
            if (listeners.put(listener.name(), listener) != null) {
                throw new IllegalArgumentException("there are two listeners named " + listener.name());
            }
            return this;
        }

        /** Kafka's StandardAuthorizer. Super users are named as Kafka does: {@code User:alice}. */
        public Builder authorizer(String... superUserNames) {
            authorizer = true;
            superUsers = List.of(superUserNames);
            return this;
        }

        /** Whether a request for an unknown topic creates it; true unless set, as in Kafka. */
        public Builder autoCreateTopics(boolean enabled) {
            autoCreateTopics = enabled;
            return this;
        }

        /** Any property of {@code server.properties} that the cluster does not set by itself, for all nodes. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Where the data is kept after {@link EmbeddedKafka#close}; a cluster with the same number of brokers can take it up. */
        public Builder dataDir(Path dir) {
            dataDir = dir;
            return this;
        }

        /**
         * Starts the cluster and returns once every broker serves requests.
         *
         * @throws EmbeddedKafkaException if a node does not start; nothing is left running then
         */
        public EmbeddedKafka start() {
            List<ClientListener> all = listeners.isEmpty()
                    ? List.of(ClientListener.plaintext("PLAINTEXT"))
                    : List.copyOf(listeners.values());
            EmbeddedKafka kafka = new EmbeddedKafka(new Settings(
                    brokers, all, authorizer, superUsers, autoCreateTopics, Map.copyOf(properties), dataDir));
            kafka.startCluster();
            kafka.closeAtExit();
            return kafka;
        }
    }
}
