package dev.weir.proxy.equivalence;

import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The names that a request of one case uses on one {@link Side}. A name is a role, which rights are given by, and the
 * scene's token: each side has resources of its own where a request changes something.
 *
 * @param ids of all topics that were there before the first request
 */
record Scene(String token, Map<String, Uuid> ids) {
    /** Of the resources that nobody changes, and both sides use. */
    static final String SHARED = "shared";

    /** The topic, group, transactional id or user of a role. */
    String name(String role) {
        return role + "-" + token;
    }

    /** The id of a topic, or one that no topic has. */
    Uuid id(String role) {
        return ids.getOrDefault(name(role), new Uuid(0x7E1D, role.hashCode()));
    }

    /** The same roles in what both sides share. */
    Scene shared() {
        return new Scene(SHARED, ids);
    }
}
