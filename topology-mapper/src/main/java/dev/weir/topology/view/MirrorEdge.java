package dev.weir.topology.view;

/**
 * What a mirror of policy brings from one topic to another, as the proxies that do it say. Copies, on their way from a topic that
 * clients write to: no client is at either end.
 *
 * @param id unique and stable
 * @param mirror its name in policy
 * @param from id of the node of the topic that clients write to
 * @param to id of the node of the topic that copies go to
 * @param recordsPerSecond mirrored, over the window, as the three after it
 * @param droppedPerSecond records that there was no memory for
 * @param failedPerSecond records that the target did not take
 * @param mirrored records since the edge was first seen, as the two after it
 * @param inFlight records on their way; 0 in the past
 * @param lastError why records were dropped or failed last; empty while all arrived
 */
public record MirrorEdge(
        String id,
        String mirror,
        String from,
        String to,
        double recordsPerSecond,
        double bytesPerSecond,
        double droppedPerSecond,
        double failedPerSecond,
        long mirrored,
        long dropped,
        long failed,
        long inFlight,
        String lastError,
        long firstSeenMillis,
        long lastSeenMillis,
        Status status) {

    public enum Status {
        FLOWING,
        /** Nothing in the window. */
        IDLE,
        /** Some or all of it was dropped, or failed, in the window. */
        LOSING
    }
}
