package dev.weir.proxy.connection;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The operations that Kafka knows for each type of resource, as its {@code *AuthorizedOperations} fields count them. */
final class ResourceOperations {
    private static final Map<ResourceType, List<Operation>> BY_TYPE = new EnumMap<>(Map.of(
            ResourceType.TOPIC,
                    List.of(
                            Operation.READ,
                            Operation.WRITE,
                            Operation.CREATE,
                            Operation.DESCRIBE,
                            Operation.DELETE,
                            Operation.ALTER,
                            Operation.DESCRIBE_CONFIGS,
                            Operation.ALTER_CONFIGS),
            ResourceType.GROUP,
                    List.of(
                            Operation.READ,
                            Operation.DESCRIBE,
                            Operation.DELETE,
                            Operation.DESCRIBE_CONFIGS,
                            Operation.ALTER_CONFIGS),
            ResourceType.CLUSTER,
                    List.of(
                            Operation.CREATE,
                            Operation.CLUSTER_ACTION,
                            Operation.DESCRIBE_CONFIGS,
                            Operation.ALTER_CONFIGS,
                            Operation.DESCRIBE,
                            Operation.ALTER,
                            Operation.IDEMPOTENT_WRITE),
            ResourceType.TRANSACTIONAL_ID, List.of(Operation.DESCRIBE, Operation.WRITE, Operation.TWO_PHASE_COMMIT)));

    private ResourceOperations() {}

    static List<Operation> of(ResourceType type) {
        return BY_TYPE.getOrDefault(type, List.of());
    }
}
