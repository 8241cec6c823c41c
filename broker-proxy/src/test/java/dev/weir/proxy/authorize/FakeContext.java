package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A {@link RequestContext} made of plain collections. Nothing is allowed until {@link #allow} says so; {@code "*"}
 * stands for every name. Describe follows from Read, Write, Delete and Alter, as it does in Kafka.
 */
public final class FakeContext implements RequestContext {
    public static final String ANY = "*";
    /** Of each topic. */
    static final int PARTITIONS = 4;

    private record Grant(ResourceType type, String name, Operation operation) {}

    private final short apiVersion;
    private final Set<Grant> grants = new HashSet<>();
    private final Map<String, Uuid> topics = new LinkedHashMap<>();
    private Collection<String> names = List.of();
    private final Map<Class<?>, Object> connectionState = new HashMap<>();
    private final List<String> denials = new ArrayList<>();
    private Object policyToken = new Object();
    private String clientId = "client";
    private boolean sharedUpstreamCredentials = true;
    private boolean autoCreatesTopics = true;
    private Canaries canaries = Canaries.EMPTY;
    private String service = "";

    public FakeContext(int apiVersion) {
        this.apiVersion = (short) apiVersion;
    }

    /** Allows operations on a resource; {@link #ANY} is every name. */
    public FakeContext allow(ResourceType type, String name, Operation... operations) {
        for (Operation operation : operations) {
            grants.add(new Grant(type, name, operation));
        }
        return this;
    }

    public FakeContext allowTopic(String name, Operation... operations) {
        return allow(ResourceType.TOPIC, name, operations);
    }

    public FakeContext allowGroup(String name, Operation... operations) {
        return allow(ResourceType.GROUP, name, operations);
    }

    public FakeContext allowTransactionalId(String name, Operation... operations) {
        return allow(ResourceType.TRANSACTIONAL_ID, name, operations);
    }

    public FakeContext allowCluster(Operation... operations) {
        return allow(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, operations);
    }

    /** Takes every grant back, as a new policy may do between request and response. */
    FakeContext revokeAll() {
        grants.clear();
        return newPolicy();
    }

    /** Puts a new snapshot in force; grants stay as they are. */
    FakeContext newPolicy() {
        policyToken = new Object();
        return this;
    }

    /** Adds topics to the cluster, each with {@link #idOf} as its id. */
    public FakeContext topics(String... names) {
        for (String name : names) {
            topics.put(name, idOf(name));
        }
        this.names = List.copyOf(topics.keySet());
        return this;
    }

    /** Adds a topic with the id that a real cluster gave it. */
    FakeContext topic(String name, Uuid id) {
        topics.put(name, id);
        this.names = List.copyOf(topics.keySet());
        return this;
    }

    public FakeContext clientId(String id) {
        clientId = id;
        return this;
    }

    FakeContext sharedUpstreamCredentials(boolean shared) {
        sharedUpstreamCredentials = shared;
        return this;
    }

    FakeContext autoCreatesTopics(boolean creates) {
        autoCreatesTopics = creates;
        return this;
    }

    /** The id that {@link #topics} gives to a topic; the same for the same name. */
    public static Uuid idOf(String topicName) {
        return new Uuid(0x77656972_00000000L, topicName.hashCode());
    }

    /** Puts canaries in force, and says which Service the client is. */
    public FakeContext canaries(Canaries all, String service) {
        this.canaries = all;
        this.service = service;
        return this;
    }

    @Override
    public Canaries canaries() {
        return canaries;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public void denied(ResourceType type, String name, Operation operation, Decision decision) {
        denials.add(type + ":" + name + ":" + operation + ":" + decision.rule().id());
    }

    /** What {@link #allows} refused, as {@code TOPIC:orders:READ}, in order. */
    public List<String> denials() {
        return denials;
    }

    @Override
    public short apiVersion() {
        return apiVersion;
    }

    @Override
    public String clientId() {
        return clientId;
    }

    @Override
    public String clientHost() {
        return "/127.0.0.1";
    }

    @Override
    public boolean allows(ResourceType type, String name, Operation operation) {
        boolean allowed = shows(type, name, operation);
        if (!allowed) {
            denials.add(type + ":" + name + ":" + operation);
        }
        return allowed;
    }

    @Override
    public boolean shows(ResourceType type, String name, Operation operation) {
        return implying(operation).stream()
                .anyMatch(o -> grants.contains(new Grant(type, name, o)) || grants.contains(new Grant(type, ANY, o)));
    }

    @Override
    public boolean allowsAny(ResourceType type, Operation operation) {
        Set<Operation> implying = implying(operation);
        return grants.stream().anyMatch(grant -> grant.type == type && implying.contains(grant.operation));
    }

    @Override
    public int authorizedOperations(ResourceType type, String name) {
        int bits = 0;
        for (Operation operation : supported(type)) {
            if (shows(type, name, operation)) {
                bits |= operation.bit();
            }
        }
        return bits;
    }

    @Override
    public @Nullable String topicName(Uuid topicId) {
        return topics.entrySet().stream()
                .filter(topic -> topic.getValue().equals(topicId))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    @Override
    public @Nullable Uuid topicId(String topicName) {
        return topics.get(topicName);
    }

    @Override
    public void topicMissed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int partitionCount(String topicName) {
        return topics.containsKey(topicName) ? PARTITIONS : 0;
    }

    @Override
    public Collection<String> topicNames() {
        return names;
    }

    @Override
    public boolean autoCreatesTopics() {
        return autoCreatesTopics;
    }

    @Override
    public boolean sharedUpstreamCredentials() {
        return sharedUpstreamCredentials;
    }

    @Override
    public Object policyToken() {
        return policyToken;
    }

    @Override
    public <T> T connectionState(Class<T> type, Supplier<T> initial) {
        return type.cast(connectionState.computeIfAbsent(type, t -> initial.get()));
    }

    private static Set<Operation> implying(Operation operation) {
        return switch (operation) {
            case DESCRIBE ->
                Set.of(Operation.DESCRIBE, Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER);
            case DESCRIBE_CONFIGS -> Set.of(Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS);
            default -> Set.of(operation);
        };
    }

    private static Set<Operation> supported(ResourceType type) {
        return switch (type) {
            case TOPIC ->
                Set.of(
                        Operation.READ,
                        Operation.WRITE,
                        Operation.CREATE,
                        Operation.DESCRIBE,
                        Operation.DELETE,
                        Operation.ALTER,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS);
            case GROUP ->
                Set.of(
                        Operation.READ,
                        Operation.DESCRIBE,
                        Operation.DELETE,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS);
            case CLUSTER ->
                Set.of(
                        Operation.CREATE,
                        Operation.CLUSTER_ACTION,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS,
                        Operation.IDEMPOTENT_WRITE,
                        Operation.ALTER,
                        Operation.DESCRIBE);
            case TRANSACTIONAL_ID -> Set.of(Operation.DESCRIBE, Operation.WRITE, Operation.TWO_PHASE_COMMIT);
            case DELEGATION_TOKEN -> Set.of(Operation.DESCRIBE);
            case USER -> Set.of(Operation.CREATE_TOKENS, Operation.DESCRIBE_TOKENS);
        };
    }
}
