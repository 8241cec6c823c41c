package dev.weir.policy.model;

import dev.weir.mesh.Mechanism;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The words of the policy language for the values of the model: one table, for parser, schema and messages. */
public final class Words {
    public static final Map<String, Mode> MODES = Map.of("enforce", Mode.ENFORCE, "dry-run", Mode.DRY_RUN);
    public static final Map<String, PolicyTest.Expectation> EXPECTATIONS = Map.of(
            "allow", PolicyTest.Expectation.ALLOW,
            "deny", PolicyTest.Expectation.DENY,
            "dry-run", PolicyTest.Expectation.DRY_RUN);
    /** Kafka's operations in camel case: {@code describeConfigs}. */
    public static final Map<String, Operation> OPERATIONS = operations();
    /** Mechanisms as {@code when:} names them. */
    public static final Map<String, Mechanism> MECHANISMS = mechanisms();

    private Words() {}

    public static String of(ResourceType type) {
        return camelCase(type.name());
    }

    public static String of(Operation operation) {
        return camelCase(operation.name());
    }

    public static String of(Mode mode) {
        return mode == Mode.ENFORCE ? "enforce" : "dry-run";
    }

    public static Optional<Operation> operation(String word) {
        return Optional.ofNullable(OPERATIONS.get(word));
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        for (Operation operation : Operation.values()) {
            operations.put(of(operation), operation);
        }
        return Map.copyOf(operations);
    }

    private static Map<String, Mechanism> mechanisms() {
        Map<String, Mechanism> mechanisms = new LinkedHashMap<>();
        for (Mechanism mechanism : Mechanism.values()) {
            mechanisms.put(mechanism.wireName(), mechanism);
        }
        return Map.copyOf(mechanisms);
    }

    private static String camelCase(String constant) {
        StringBuilder word = new StringBuilder();
        boolean upper = false;
        for (int i = 0; i < constant.length(); i++) {
            char letter = constant.charAt(i);
            if (letter != '_') {
                word.append(upper ? letter : Character.toLowerCase(letter));
            }
            upper = letter == '_';
        }
        return word.toString();
    }
}
