package dev.weir.proxy.traffic;

/** What became of a request that was drawn for a fault. */
public enum FaultOutcome {
    /** It was hit. */
    INJECTED,
    /** It would have been, if the fault were in force and not dry. */
    DRY_RUN,
    /** It was not, since records would have been lost that nobody acknowledges. */
    SPARED
}
