package dev.weir.kafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects what a cluster is started with. Without a listener it gets {@code ClientListener.plaintext("PLAINTEXT")}. */
public final class EmbeddedKafkaBuilder {

    private static final int BROKERS_MAX = 3;

    private int brokers = 1;
    private final Map<String, ClientListener> listeners = new LinkedHashMap<>();
    private boolean authorizer;
    private List<String> superUsers = List.of();
    private boolean autoCreateTopics = true;
    private final Map<String, String> properties = new HashMap<>();
    private @Nullable Path dataDir;

    EmbeddedKafkaBuilder() {}

    /** How many brokers there are at the start, 1 to 3. Kafka's own topics get this many replicas. */
    public EmbeddedKafkaBuilder brokers(int count) {
        if (count < 1 || count > BROKERS_MAX) {
            throw new IllegalArgumentException(count + " brokers; expected 1 to " + BROKERS_MAX);
        }
        brokers = count;
        return this;
    }

    public EmbeddedKafkaBuilder listener(ClientListener listener) {
        if (listeners.put(listener.name(), listener) != null) {
            throw new IllegalArgumentException("there are two listeners named " + listener.name());
        }
        return this;
    }

    /** Kafka's StandardAuthorizer. Super users are named as Kafka does: {@code User:alice}. */
    public EmbeddedKafkaBuilder authorizer(String... superUserNames) {
        authorizer = true;
        superUsers = List.of(superUserNames);
        return this;
    }

    /** Whether a request for an unknown topic creates it; true unless set, as in Kafka. */
    public EmbeddedKafkaBuilder autoCreateTopics(boolean enabled) {
        autoCreateTopics = enabled;
        return this;
    }

    /** Any property of {@code server.properties} that the cluster does not set by itself, for all nodes. */
    public EmbeddedKafkaBuilder property(String name, String value) {
        properties.put(name, value);
        return this;
    }

    /** Where the data is kept after {@link EmbeddedKafka#close}; a cluster with the same number of brokers can take it up. */
    public EmbeddedKafkaBuilder dataDir(Path dir) {
        dataDir = dir;
        return this;
    }

    /**
     * Starts the cluster and returns once every broker serves requests.
     *
     * @throws EmbeddedKafkaException if a node does not start; nothing is left running then
     */
    public EmbeddedKafka start() {
        List<ClientListener> all =
                listeners.isEmpty() ? List.of(ClientListener.plaintext("PLAINTEXT")) : List.copyOf(listeners.values());
        return EmbeddedKafka.start(new ClusterSettings(
                brokers, all, authorizer, superUsers, autoCreateTopics, Map.copyOf(properties), dataDir));
    }
}
