package dev.weir.proxy.canary.group;

import dev.weir.policy.decide.ScopedCanary;

/** Whether the new version may begin to work. Asked on event loops: any thread, and it does not block. */
public interface CanaryReadiness {
    boolean isOpen(ScopedCanary canary);
}
