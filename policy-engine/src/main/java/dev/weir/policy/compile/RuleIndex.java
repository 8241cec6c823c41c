package dev.weir.policy.compile;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.model.Grant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rules of one mode for one Service, or those for everyone, by resource type and operation. What an allow implies is
 * entered with it, so that a decision is one look-up. Filled by one thread, then only read.
 */
final class RuleIndex {
    /** No rules. */
    static final RuleIndex EMPTY = new RuleIndex();

    // KIP-11, KIP-133: whoever may do these may also see what they are done to
    private static final Set<Operation> IMPLY_DESCRIBE =
            EnumSet.of(Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER);

    /** A grant as written, for questions that are about all names. */
    record Written(Grant grant, CompiledRule rule) {}

    private final @Nullable NameIndex[] byName = new NameIndex[Slot.COUNT];
    private final List<Written> written = new ArrayList<>();

    void add(CompiledRule rule) {
        for (Grant grant : rule.rule().grants()) {
            written.add(new Written(grant, rule));
            for (Operation operation : CompiledRule.operations(rule.rule(), grant)) {
                int slot = Slot.of(grant.type(), operation);
                NameIndex names = byName[slot];
                if (names == null) {
                    names = new NameIndex();
                    byName[slot] = names;
                }
                names.add(grant.pattern(), rule);
            }
        }
    }

    /** Called once, after the last rule and before the first question. */
    void finish() {
        for (NameIndex names : byName) {
            if (names != null) {
                names.finish();
            }
        }
    }

    NameIndex names(ResourceType type, Operation operation) {
        NameIndex names = byName[Slot.of(type, operation)];
        return names == null ? NameIndex.EMPTY : names;
    }

    List<Written> written() {
        return written;
    }

    boolean isEmpty() {
        return written.isEmpty();
    }

    /** What allowing these operations allows, as Kafka's StandardAuthorizer has it. */
    static Set<Operation> withImplied(Set<Operation> operations) {
        EnumSet<Operation> all = EnumSet.copyOf(operations);
        if (operations.stream().anyMatch(IMPLY_DESCRIBE::contains)) {
            all.add(Operation.DESCRIBE);
        }
        if (operations.contains(Operation.ALTER_CONFIGS)) {
            all.add(Operation.DESCRIBE_CONFIGS);
        }
        return all;
    }
}
