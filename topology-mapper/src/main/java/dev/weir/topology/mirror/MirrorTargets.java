package dev.weir.topology.mirror;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Topics that copies go to, and when a proxy last said that copies may come. A topic stays one for a while after that: brokers are asked
 * for the ends of logs every now and then only, and the last copies are to be excused as the first ones were. Not thread-safe.
 */
final class MirrorTargets {
    /** Longer than a copy is on its way, and than it takes until it is known who reported what. */
    static final long STAYS_MILLIS = 600_000;

    /** Of more, all topics of the cluster are taken for targets. */
    static final int TARGETS_MAX = 20_000;

    private record Target(String cluster, String topic) {}

    private final Map<Target, Long> targets = new HashMap<>();
    /** Clusters of which any topic may be one. */
    private final Map<String, Long> clusters = new HashMap<>();

    /** Copies may go to a topic, or came there, up to a time. */
    void seen(String cluster, String topic, long atMillis) {
        Target target = new Target(cluster, topic);
        if (targets.size() < TARGETS_MAX || targets.containsKey(target)) {
            targets.merge(target, atMillis, Math::max);
        } else {
            seen(cluster, atMillis);
        }
    }

    /** Copies may go to topics of a cluster that nobody can name. */
    void seen(String cluster, long atMillis) {
        clusters.merge(cluster, atMillis, Math::max);
    }

    boolean contain(String cluster, String topic, long nowMillis) {
        return isRecent(targets.get(new Target(cluster, topic)), nowMillis)
                || isRecent(clusters.get(cluster), nowMillis);
    }

    /** Those of which all topics are targets, by name. */
    List<String> clusters(long nowMillis) {
        return clusters.keySet().stream()
                .filter(cluster -> isRecent(clusters.get(cluster), nowMillis))
                .sorted()
                .toList();
    }

    private static boolean isRecent(@Nullable Long lastMillis, long nowMillis) {
        return lastMillis != null && nowMillis - lastMillis < STAYS_MILLIS;
    }

    /** Forgets those that are none any more. */
    void tick(long nowMillis) {
        targets.values().removeIf(last -> !isRecent(last, nowMillis));
        clusters.values().removeIf(last -> !isRecent(last, nowMillis));
    }
}
