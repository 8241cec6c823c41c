package dev.weir.topology.mirror;

import java.util.HashMap;
import java.util.Map;

/**
 * Topics that copies go to, and when a proxy last said that copies may come. A topic stays one for a while after that: brokers are asked
 * for the ends of logs every now and then only, and the last copies are to be excused as the first ones were. Not thread-safe.
 */
final class MirrorTargets {
    /** Longer than a copy is on its way, and than it takes until it is known who reported what. */
    static final long STAYS_MILLIS = 600_000;

    private record Target(String cluster, String topic) {}

    private final Map<Target, Long> targets = new HashMap<>();

    /** Copies may go to a topic, or came there, up to a time. */
    void seen(String cluster, String topic, long atMillis) {
        targets.merge(new Target(cluster, topic), atMillis, Math::max);
    }

    boolean contain(String cluster, String topic, long nowMillis) {
        Long last = targets.get(new Target(cluster, topic));
        return last != null && nowMillis - last < STAYS_MILLIS;
    }

    /** Forgets those that are none any more. */
    void tick(long nowMillis) {
        targets.values().removeIf(last -> nowMillis - last >= STAYS_MILLIS);
    }
}
