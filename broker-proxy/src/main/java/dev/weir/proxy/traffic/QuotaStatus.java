package dev.weir.proxy.traffic;

import dev.weir.policy.decide.QuotaPolicy;

/**
 * One quota, and what was used of it through this proxy since start. What it does not limit is not counted.
 *
 * @param throttled requests whose client was told to be quiet
 * @param throttledMillis for how long, in all
 * @param dryRun requests whose client would have been, if the quota were in force and not dry
 */
public record QuotaStatus(
        QuotaPolicy policy,
        long requests,
        long produceBytes,
        long fetchBytes,
        long throttled,
        long throttledMillis,
        long dryRun) {}
