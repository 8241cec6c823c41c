package dev.weir.policy.compile;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;

/** The place of an operation on a type of resource in an array. Kafka's codes are small; 16 of each leave room. */
final class Slot {
    static final int COUNT = 8 * 16;

    private Slot() {}

    static int of(ResourceType type, Operation operation) {
        return type.code() << 4 | operation.code();
    }
}
