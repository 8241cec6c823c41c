package dev.weir.proxy.traffic;

import dev.weir.policy.decide.PolicySnapshot;
import dev.weir.policy.decide.QuotaPolicy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** What is used of the quotas of policy through this proxy. An account lives as long as policy has its quota, through new revisions. Any thread. */
public final class Quotas {
    private final Map<String, QuotaAccount> accounts = new ConcurrentHashMap<>();

    /** A policy is in force from now on. */
    void inForce(PolicySnapshot policy) {
        accounts.keySet()
                .retainAll(policy.quotas().stream().map(QuotaPolicy::name).collect(Collectors.toSet()));
    }

    /** To be kept by whoever takes from it often. */
    QuotaAccount account(QuotaPolicy policy) {
        return accounts.computeIfAbsent(policy.name(), absent -> new QuotaAccount(policy, System.nanoTime()));
    }

    /** Those that policy has, in its order. */
    public List<QuotaStatus> status(PolicySnapshot policy) {
        return policy.quotas().stream()
                .map(quota -> account(quota).status(quota))
                .toList();
    }
}
