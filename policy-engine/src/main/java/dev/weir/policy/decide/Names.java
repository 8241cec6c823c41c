package dev.weir.policy.decide;

import java.util.Set;

/** Names that mean something to Weir or to Kafka itself. */
public final class Names {
    /** Weir's own topics, groups and transactional ids. */
    public static final String RESERVED_PREFIX = "_weir-";
    /** Groups that Weir makes for a canary. */
    public static final String RESERVED_SUFFIX = "~canary";

    /** Kafka's internal topics (KIP-848's offsets, KIP-98, KIP-932, KIP-500, KIP-405): no pattern of an allow matches them. */
    public static final Set<String> INTERNAL_TOPICS = Set.of(
            "__consumer_offsets",
            "__transaction_state",
            "__share_group_state",
            "__cluster_metadata",
            "__remote_log_metadata");

    private Names() {}

    /** Whether no client may touch the resource, whatever policy says. */
    public static boolean isReserved(ResourceType type, String name) {
        return switch (type) {
            case TOPIC, GROUP, TRANSACTIONAL_ID -> name.startsWith(RESERVED_PREFIX) || name.endsWith(RESERVED_SUFFIX);
            case CLUSTER, DELEGATION_TOKEN, USER -> false;
        };
    }

    /** Whether the resource is a topic of Kafka's own, which only a literal can open. */
    public static boolean isInternal(ResourceType type, String name) {
        return type == ResourceType.TOPIC && name.startsWith("__") && INTERNAL_TOPICS.contains(name);
    }
}
