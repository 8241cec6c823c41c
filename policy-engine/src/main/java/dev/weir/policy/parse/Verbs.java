package dev.weir.policy.parse;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Effect;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the actions of rules come to, in Kafka's operations. */
final class Verbs {
    static final Set<String> TOPIC = Set.of("produce", "consume", "describe");
    static final Set<String> GROUP = Set.of("consume", "describe", "delete");
    static final String ALL = "all";
    static final Set<String> ADMIN = admin();

    /** The keys of an {@code AdminAccess} rule that hold names; the cluster has none. */
    static final Map<ResourceType, String> RESOURCE_KEYS = resourceKeys();

    // what kafka-acls accepts for each type, which is what brokers ask for
    private static final Map<ResourceType, Set<Operation>> SUPPORTED = supported();

    private Verbs() {}

    /**
     * The operations of a verb. An allow gives all that a client needs. A deny takes the one thing away that the verb
     * is about: Describe may still follow from another rule, as it does with Kafka's own ACLs.
     */
    static Set<Operation> operations(String verb, Effect effect) {
        Operation main = switch (verb) {
            case "produce" -> Operation.WRITE;
            case "consume" -> Operation.READ;
            case "delete" -> Operation.DELETE;
            default -> Operation.DESCRIBE;
        };
        return effect == Effect.ALLOW ? EnumSet.of(main, Operation.DESCRIBE) : EnumSet.of(main);
    }

    /** The operations of an {@code AdminAccess} rule that exist for a type; {@code all} is every one. */
    static Set<Operation> operations(List<Text> actions, ResourceType type) {
        EnumSet<Operation> operations = EnumSet.noneOf(Operation.class);
        for (Text action : actions) {
            if (action.value().equals(ALL)) {
                return EnumSet.allOf(Operation.class);
            }
            Words.operation(action.value())
                    .filter(supportedOperations(type)::contains)
                    .ifPresent(operations::add);
        }
        return operations;
    }

    static Set<Operation> supportedOperations(ResourceType type) {
        return SUPPORTED.getOrDefault(type, Set.of());
    }

    /** The operations of some types in words, for a message. */
    static String wordsFor(Collection<ResourceType> types) {
        Set<String> words = new TreeSet<>();
        types.forEach(type -> supportedOperations(type).forEach(operation -> words.add(Words.of(operation))));
        return String.join(", ", words);
    }

    private static Set<String> admin() {
        Set<String> words = new TreeSet<>(Words.OPERATIONS.keySet());
        words.add(ALL);
        return words;
    }

    private static Map<ResourceType, String> resourceKeys() {
        EnumMap<ResourceType, String> keys = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            if (type != ResourceType.CLUSTER) {
                keys.put(type, Words.of(type) + "s");
            }
        }
        return keys;
    }

    private static Map<ResourceType, Set<Operation>> supported() {
        EnumMap<ResourceType, Set<Operation>> supported = new EnumMap<>(ResourceType.class);
        supported.put(
                ResourceType.TOPIC,
                EnumSet.of(
                        Operation.READ,
                        Operation.WRITE,
                        Operation.CREATE,
                        Operation.DELETE,
                        Operation.ALTER,
                        Operation.DESCRIBE,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS));
        supported.put(
                ResourceType.GROUP,
                EnumSet.of(
                        Operation.READ,
                        Operation.DELETE,
                        Operation.DESCRIBE,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS));
        supported.put(
                ResourceType.TRANSACTIONAL_ID,
                EnumSet.of(Operation.WRITE, Operation.DESCRIBE, Operation.TWO_PHASE_COMMIT));
        supported.put(
                ResourceType.CLUSTER,
                EnumSet.of(
                        Operation.CREATE,
                        Operation.ALTER,
                        Operation.DESCRIBE,
                        Operation.CLUSTER_ACTION,
                        Operation.DESCRIBE_CONFIGS,
                        Operation.ALTER_CONFIGS,
                        Operation.IDEMPOTENT_WRITE));
        supported.put(ResourceType.DELEGATION_TOKEN, EnumSet.of(Operation.DESCRIBE));
        supported.put(ResourceType.USER, EnumSet.of(Operation.CREATE_TOKENS, Operation.DESCRIBE_TOKENS));
        return supported;
    }
}
