package dev.weir.policy.decide;

import dev.weir.canary.Scope;

/** A canary, and what it shares. */
public record ScopedCanary(String name, Scope scope) {
    /** The group that its members name, on either side. */
    public String group() {
        return scope.group();
    }

    /** The group that members of the canary really work in. */
    public String canaryGroup() {
        return scope.canaryGroup();
    }
}
