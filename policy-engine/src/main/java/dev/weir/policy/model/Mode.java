package dev.weir.policy.model;

/** Whether a denial is carried out. A rule's own mode wins over its document's, and that over the mesh's. */
public enum Mode {
    ENFORCE,
    /** Decided, counted and logged; the traffic passes. */
    DRY_RUN
}
