package dev.weir.topology.view;

/** What became of a {@link CanaryOrder}. */
public sealed interface CanaryAnswer {
    /**
     * It is done as said.
     *
     * @param detail what is so now
     */
    record Obeyed(String detail) implements CanaryAnswer {}

    /** All is as before. */
    record Refused(String reason) implements CanaryAnswer {}

    /**
     * There is no such canary.
     *
     * @param expected a name that there is
     */
    record UnknownCanary(String expected) implements CanaryAnswer {}

    /** The weight cannot be understood. */
    record InvalidWeight(String expected) implements CanaryAnswer {}

    /** No controller answered: whether it is obeyed later is not known. */
    record Unanswered(String reason) implements CanaryAnswer {}
}
