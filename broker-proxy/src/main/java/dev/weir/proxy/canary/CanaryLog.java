package dev.weir.proxy.canary;

/** What a cluster's brokers say of its log of canary changes. */
public enum CanaryLog {
    THERE,
    /** No canary has ever begun there. */
    NOT_THERE,
    /** Weir's user may not even know whether it is there. */
    HIDDEN
}
