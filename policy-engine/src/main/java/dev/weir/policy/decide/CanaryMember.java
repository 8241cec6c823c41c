package dev.weir.policy.decide;

import dev.weir.canary.Side;

/** A client of a canary, and the side that it is on. */
public record CanaryMember(ScopedCanary canary, Side side) {
    /** The group that the client really works in. */
    public String group() {
        return canary.scope().group(side);
    }
}
