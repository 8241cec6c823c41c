package dev.weir.canary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a canary shares, and how. It stays the same from its seeds on until all that it owned is done: who owns a record must not depend on when
 * a proxy got to know a policy.
 *
 * @param group the consumer group whose work is shared, which the stable side keeps
 * @param canaryGroup that of the canary
 * @param topics whose records are shared
 * @param buckets of no meaning for a shadow
 * @param stable the clients that keep the group
 * @param canary those of the canary; no client is both
 * @param shadow {@code null} for a canary that owns a share of the records
 */
public record Scope(
        String group,
        String canaryGroup,
        List<String> topics,
        Buckets buckets,
        Clients stable,
        Clients canary,
        @Nullable Shadow shadow) {
    public Scope {
        topics = topics.stream().sorted().distinct().toList();
    }

    /** Of a canary that owns a share of the records. */
    public Scope(
            String group, String canaryGroup, List<String> topics, Buckets buckets, Clients stable, Clients canary) {
        this(group, canaryGroup, topics, buckets, stable, canary, null);
    }

    /** Whether both sides read everything, and nothing is shared. */
    public boolean isShadow() {
        return shadow != null;
    }

    /** The clients of a side. */
    public Clients clients(Side side) {
        return side == Side.STABLE ? stable : canary;
    }

    /** The group that a side works in. */
    public String group(Side side) {
        return side == Side.STABLE ? group : canaryGroup;
    }
}
