package dev.weir.proxy.traffic;

import dev.weir.policy.decide.FaultPolicy;
import org.jspecify.annotations.Nullable;

/**
 * One fault and the requests that were drawn for it, since start.
 *
 * @param policy what it is; {@code null} when policy has it no more
 */
public record FaultStatus(String name, @Nullable FaultPolicy policy, long injected, long dryRun, long spared) {}
