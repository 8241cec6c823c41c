package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ResourceType;

/**
 * Names of topics and groups that no client may touch or see through a listener. Policy denies them whatever its rules
 * say; this is for the places where Kafka lets a right on the cluster stand for the right on each topic or group.
 */
final class ReservedNames {
    private ReservedNames() {}

    static boolean isReserved(String name) {
        return Names.isReserved(ResourceType.TOPIC, name);
    }
}
