package dev.weir.topology.view;

/**
 * Whether the view is up to date.
 *
 * @param state what can be said of it
 * @param sinceMillis since when it is in that state
 * @param reportsMillis the newest report that the view has taken in; -1 before the first
 * @param detail what is wrong, in words; empty when nothing is
 */
public record Freshness(State state, long sinceMillis, long reportsMillis, String detail) {

    public enum State {
        /** State is being restored. */
        STARTING,
        LIVE,
        /** Kafka is there, but no proxy reports. */
        SILENT,
        /** Kafka does not answer. */
        KAFKA_DOWN
    }
}
