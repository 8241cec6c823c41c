package dev.weir.policy.model;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What somebody wants to do: one or more operations, all of which must be allowed.
 *
 * @param action as written: a verb, or one of Kafka's operations
 */
public record Query(String action, List<Step> steps) {

    /** One operation on one named resource. */
    public record Step(ResourceType type, String name, Operation operation) {}

    public Query {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return action + " "
                + steps.stream()
                        .map(step -> Words.of(step.type()) + " " + step.name())
                        .distinct()
                        .collect(Collectors.joining(", "));
    }
}
