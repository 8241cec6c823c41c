package dev.weir.topology.view;

import java.util.List;

/**
 * A service, a topic, or what stands in for those that are not known.
 *
 * @param id unique and stable: {@code service:checkout}, {@code topic:main/orders}, {@code principal:User:bob},
 *     {@code bypass:main/orders}, {@code bypass:group/main/billing}, {@code other} for clients, {@code other:topics}
 * @param name what people call it
 * @param cluster of a topic; empty else
 * @param team owner of the service or the topic in policy; empty when nobody says so
 * @param versions of a service, those that were seen
 * @param health the worst of what is known of it
 * @param badges what is remarkable about it: {@code compacted}, {@code plaintext}, {@code anonymous},
 *     {@code bypassed}, {@code no-service}; faults on purpose and quotas of policy, each by its name
 */
public record Node(
        String id,
        Kind kind,
        String name,
        String cluster,
        String team,
        List<String> versions,
        Health health,
        List<String> badges) {

    public Node {
        versions = List.copyOf(versions);
        badges = List.copyOf(badges);
    }

    public enum Kind {
        SERVICE,
        /** A principal that policy knows no Service for. */
        PRINCIPAL,
        TOPIC,
        /** Producers or groups that were proven to go around the mesh. */
        BYPASS,
        /** All that came when a limit was reached. */
        OTHER
    }
}
