package dev.weir.policy.decide;

import dev.weir.canary.Scope;
import dev.weir.canary.Side;
import java.util.List;

/**
 * A canary, and what it shares.
 *
 * @param rule what refusals name
 */
public record ScopedCanary(RuleRef rule, String name, Scope scope) {
    /** Whose records are shared. */
    public List<String> topics() {
        return scope.topics();
    }

    /** Whether both sides read everything, and what the canary does reaches nobody else. */
    public boolean isShadow() {
        return scope.isShadow();
    }

    /** The group that a side really works in. */
    public String group(Side side) {
        return scope.group(side);
    }

    /** The group that its members name, on either side. */
    public String group() {
        return scope.group();
    }

    /** The group that members of the canary really work in. */
    public String canaryGroup() {
        return scope.canaryGroup();
    }
}
