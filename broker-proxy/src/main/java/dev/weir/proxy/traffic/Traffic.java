package dev.weir.proxy.traffic;

import dev.weir.policy.decide.PolicySnapshot;

/**
 * What is done to requests that are allowed. One per proxy; any thread.
 *
 * @param faults on purpose
 * @param quotas by which clients are told to be quiet
 */
public record Traffic(Faults faults, Quotas quotas) {
    public Traffic() {
        this(new Faults(), new Quotas());
    }

    /** A policy is in force from now on. */
    public void inForce(PolicySnapshot policy) {
        faults.inForce(policy);
        quotas.inForce(policy);
    }
}
