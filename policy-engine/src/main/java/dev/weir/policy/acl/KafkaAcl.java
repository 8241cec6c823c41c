package dev.weir.policy.acl;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.Optional;

/**
 * One of Kafka's ACLs (KIP-11, KIP-290).
 *
 * @param user the principal's name without {@code User:}; {@code *} for everyone
 * @param host the address it is for; {@code *} for any
 * @param operation empty for Kafka's {@code ALL}
 * @param name the resource's name, or the prefix; {@code *} as a literal is every name
 * @param prefixed Kafka's pattern type {@code PREFIXED} in place of {@code LITERAL}
 */
public record KafkaAcl(
        String user,
        String host,
        boolean allow,
        Optional<Operation> operation,
        ResourceType type,
        String name,
        boolean prefixed) {}
