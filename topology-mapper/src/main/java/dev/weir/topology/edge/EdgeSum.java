package dev.weir.topology.edge;

import dev.weir.topology.history.Counts;
import java.util.List;

/**
 * What happened on one edge in a window.
 *
 * @param seconds that rates are over
 * @param clients hashes of some clients, where no group is known
 * @param others of an other: about how many edges are in it
 */
public record EdgeSum(
        EdgeKey key,
        Counts counts,
        double seconds,
        long recordsTotal,
        long firstSeenMillis,
        long lastSeenMillis,
        boolean plaintext,
        String mechanism,
        List<Long> clients,
        long others) {

    /** Of the same edge, under a name that came to be known. */
    public EdgeSum and(EdgeSum other) {
        Counts both = new Counts();
        both.add(counts);
        both.add(other.counts);
        return new EdgeSum(
                key,
                both,
                Math.max(seconds, other.seconds),
                recordsTotal + other.recordsTotal,
                Math.min(firstSeenMillis, other.firstSeenMillis),
                Math.max(lastSeenMillis, other.lastSeenMillis),
                plaintext || other.plaintext,
                lastSeenMillis >= other.lastSeenMillis ? mechanism : other.mechanism,
                List.of(),
                others + other.others);
    }

    public EdgeSum as(EdgeKey name) {
        return new EdgeSum(
                name,
                counts,
                seconds,
                recordsTotal,
                firstSeenMillis,
                lastSeenMillis,
                plaintext,
                mechanism,
                clients,
                others);
    }
}
