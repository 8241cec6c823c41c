package dev.weir.proxy.traffic;

import dev.weir.policy.decide.PolicySnapshot;

/**
 * What is done to requests that are allowed. One per proxy; any thread.
 *
 * @param faults on purpose
 */
public record Traffic(Faults faults) {
    public Traffic() {
        this(new Faults());
    }

    /** A policy is in force from now on. */
    public void inForce(PolicySnapshot policy) {
        faults.inForce(policy);
    }
}
