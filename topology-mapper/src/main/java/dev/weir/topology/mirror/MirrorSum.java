package dev.weir.topology.mirror;

/**
 * What a mirror did with one topic in a window.
 *
 * @param seconds that rates are over
 * @param counts in the window
 * @param total since it was first seen
 * @param inFlight records on their way now
 * @param lastError why records were dropped or failed last; empty while all arrived
 */
public record MirrorSum(
        MirrorKey key,
        double seconds,
        MirrorCounts counts,
        MirrorCounts total,
        long inFlight,
        String lastError,
        long firstSeenMillis,
        long lastSeenMillis) {}
