package dev.weir.topology.view;

/** How well something is, from best to worst. */
public enum Health {
    /** Nothing is known, or nothing flows. */
    IDLE,
    OK,
    WARN,
    BAD;

    public Health worse(Health other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
