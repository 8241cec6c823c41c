package dev.weir.canary;

/** Whether keys that change sides wait for what the side before still has of them. */
public enum Handover {
    /** The new owner gets a key's records only when the old one has committed all that it owns: order per key is kept. */
    ORDERED,
    /** The new owner gets them at once: both may work on one key at the same time, on different records. */
    UNORDERED
}
