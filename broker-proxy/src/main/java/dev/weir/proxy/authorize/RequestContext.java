package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Collection;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** One request's view of policy, of the cluster's topics and of its connection. Event loop of the connection only. */
public interface RequestContext {

    short apiVersion();

    /** The client id of the request's header, or the empty string. */
    String clientId();

    /** The peer's address, as Kafka would put it into a {@code ClientHost} field: {@code /10.1.2.3}. */
    String clientHost();

    /**
     * Whether the operation goes on. A denial is counted, audited and logged; one in dry-run is counted and passes.
     */
    boolean allows(ResourceType type, String name, Operation operation);

    /** As {@link #allows}, for filtering what is shown: a denial leaves no trace. */
    boolean shows(ResourceType type, String name, Operation operation);

    /** Whether the operation is allowed on at least one resource of the type (KIP-679). */
    boolean allowsAny(ResourceType type, Operation operation);

    /** The cluster resource, {@link ResourceType#CLUSTER_NAME}. */
    default boolean allowsCluster(Operation operation) {
        return allows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, operation);
    }

    default boolean allowsTopic(String name, Operation operation) {
        return allows(ResourceType.TOPIC, name, operation);
    }

    default boolean showsTopic(String name, Operation operation) {
        return shows(ResourceType.TOPIC, name, operation);
    }

    default boolean allowsGroup(String name, Operation operation) {
        return allows(ResourceType.GROUP, name, operation);
    }

    default boolean showsGroup(String name, Operation operation) {
        return shows(ResourceType.GROUP, name, operation);
    }

    default boolean allowsTransactionalId(String name, Operation operation) {
        return allows(ResourceType.TRANSACTIONAL_ID, name, operation);
    }

    /**
     * The bit field of operations that this client (not Weir) may do on a resource, for the
     * {@code *AuthorizedOperations} fields (KIP-430).
     */
    int authorizedOperations(ResourceType type, String name);

    /** The name behind a topic id, or {@code null} when the cluster has no such topic. */
    @Nullable
    String topicName(Uuid topicId);

    /** The id of a topic, or {@code null} when it does not exist as far as is known. */
    @Nullable
    Uuid topicId(String topicName);

    /** The id of a topic that exists is needed, and not known: it is asked for, and the client will try again. */
    void topicMissed();

    /** How many partitions a topic has, at most a few seconds ago; 0 when it does not exist as far as is known. */
    int partitionCount(String topicName);

    /**
     * The names of all topics of the cluster, Kafka's internal ones included, at most a few seconds old. The same
     * collection, to compare by identity, means the same names.
     */
    Collection<String> topicNames();

    /**
     * Whether the brokers create missing topics for a Metadata request that allows it
     * ({@code auto.create.topics.enable}), as far as is known; Kafka's default until then.
     */
    default boolean autoCreatesTopics() {
        return true;
    }

    /**
     * Whether the upstream connection uses credentials shared by all clients, so that the broker cannot tell them
     * apart.
     */
    boolean sharedUpstreamCredentials();

    /**
     * The policy in force now, as a token to compare by identity: as long as it is the same, so are all decisions.
     */
    default Object policyToken() {
        return this;
    }

    /** The Service that the client is, or the empty string. */
    default String service() {
        return "";
    }

    /** The canaries of the policy in force now. */
    default Canaries canaries() {
        return Canaries.EMPTY;
    }

    /** Counts, audits and logs a denial that did not come from the rules of policy. */
    default void denied(ResourceType type, String name, Operation operation, Decision decision) {}

    /**
     * Writes a line to the log, unless there is one of its kind already.
     *
     * @param kind from a bounded set
     * @param message constant
     */
    default void warn(String kind, String reason, String message) {}

    /** State that lives as long as the connection: one object per class, made on first use. */
    <T> T connectionState(Class<T> type, java.util.function.Supplier<T> initial);
}
