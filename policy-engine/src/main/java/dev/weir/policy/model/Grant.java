package dev.weir.policy.model;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Set;

/** Operations on the resources of one type that a pattern names, as written: nothing implied is in here. */
public record Grant(ResourceType type, NamePattern pattern, Set<Operation> operations) {
    public Grant {
        operations = Set.copyOf(operations);
    }
}
