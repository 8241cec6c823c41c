package dev.weir.canary.change;

import java.util.Map;

/**
 * What a proxy tells the controller, every {@link ChangeTimes#beatNanos}, and at once when it begins to hold.
 *
 * @param proxy its name; another one each time that it starts, or is evicted
 * @param sequence counts up
 * @param holding the epochs for which it answers no fetches any more, by canary
 * @param partitions how many partitions of a topic it knows to be there, since it has served them, by topic
 * @param leaving whether it is its last one: it serves nothing of canaries any more, and will not under this name
 */
public record Beat(
        String proxy, long sequence, Map<String, Long> holding, Map<String, Integer> partitions, boolean leaving) {
    public Beat {
        holding = Map.copyOf(holding);
        partitions = Map.copyOf(partitions);
    }

    /** Of a proxy that goes on. */
    public Beat(String proxy, long sequence, Map<String, Long> holding, Map<String, Integer> partitions) {
        this(proxy, sequence, holding, partitions, false);
    }
}
