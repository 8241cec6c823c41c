package dev.weir.policy.parse;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Query;
import dev.weir.policy.model.Words;
import dev.weir.policy.yaml.Text;
import dev.weir.policy.yaml.YamlObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Makes a question out of an action and the names that it is about. */
public final class QueryReader {
    private QueryReader() {}

    /** All actions that can be asked about: the verbs, and Kafka's operations. */
    public static Set<String> actions() {
        Set<String> actions = new TreeSet<>(Words.OPERATIONS.keySet());
        actions.add("produce");
        actions.add("consume");
        return actions;
    }

    /**
     * The question whether an action is allowed on all the names.
     *
     * @param names at least one; the cluster by {@link ResourceType#CLUSTER_NAME}
     * @throws IllegalArgumentException if the action does not exist, or not for one of the names; says so
     */
    public static Query query(String action, Map<ResourceType, String> names) {
        if (!actions().contains(action)) {
            throw new IllegalArgumentException("unknown action " + action + "; expected one of " + actions());
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("nothing is named that " + action + " could be about");
        }
        List<Query.Step> steps = new ArrayList<>();
        names.forEach((type, name) -> steps.add(new Query.Step(type, name, operation(action, type))));
        return new Query(action, steps);
    }

    private static Operation operation(String action, ResourceType type) {
        Operation operation = switch (action) {
            case "produce" -> Operation.WRITE;
            case "consume" -> Operation.READ;
            default -> Words.OPERATIONS.getOrDefault(action, Operation.CLUSTER_ACTION);
        };
        if (!Verbs.supportedOperations(type).contains(operation)) {
            throw new IllegalArgumentException("there is no " + action + " of a " + Words.of(type) + "; expected "
                    + Verbs.wordsFor(List.of(type)));
        }
        return operation;
    }

    static Query read(YamlObject test) {
        Text action = test.requiredText("do");
        Map<ResourceType, String> names = new EnumMap<>(ResourceType.class);
        for (ResourceType type : ResourceType.values()) {
            if (type != ResourceType.CLUSTER) {
                test.text(Words.of(type)).ifPresent(name -> names.put(type, name.value()));
            }
        }
        if (test.bool("cluster", false)) {
            names.put(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME);
        }
        if (!action.isEmpty() && !actions().contains(action.value())) {
            test.problems().addUnknown("action", action, actions());
            return new Query(action.value(), List.of());
        }
        try {
            return query(action.isEmpty() ? "describe" : action.value(), names);
        } catch (IllegalArgumentException e) {
            test.problems().add(test.at(), String.valueOf(e.getMessage()));
            return new Query(action.value(), List.of());
        }
    }
}
