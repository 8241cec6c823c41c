package dev.weir.proxy.canary.group;

import dev.weir.policy.decide.ScopedCanary;

/** Where the new version begins to read. Asked on event loops: any thread, and it does not block. */
public interface CanarySeeds {
    /** In place of an offset that is not known yet. */
    long UNKNOWN = -1;

    /** The offset of the first record that the canary may own in a partition; {@link #UNKNOWN} as long as that is open. */
    long seed(ScopedCanary canary, String topic, int partition);
}
