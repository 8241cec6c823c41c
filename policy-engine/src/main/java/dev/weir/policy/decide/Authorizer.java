package dev.weir.policy.decide;

import java.util.List;
import java.util.Optional;

/**
 * What one subject may do under one {@link PolicySnapshot}: names in, decisions out. Any thread; never blocks; a
 * decision allocates nothing.
 *
 * <p>The meaning is that of Kafka's StandardAuthorizer (KIP-801): deny beats allow; Describe follows from an allowed
 * Read, Write, Delete or Alter; DescribeConfigs from AlterConfigs. Beyond it: reserved names ({@code _weir-*}, names
 * that end in {@code ~canary}) are denied and enforced whatever the rules say, and {@code *} never matches Kafka's
 * internal topics.
 */
public interface Authorizer {

    /** The snapshot that this authorizer belongs to. */
    PolicySnapshot snapshot();

    /** The {@code Service} that the subject maps to, or empty when it maps to none, or to more than one. */
    Optional<String> service();

    /** The version of the Service that the client id belongs to, or empty when it belongs to none. */
    Optional<String> version();

    /** The faults that its requests may be hit by. */
    default ClientFaults faults() {
        return ClientFaults.NONE;
    }

    /** How much its Service may do a second; the same list for as long as the snapshot is the same. */
    default List<QuotaPolicy> quotas() {
        return List.of();
    }

    /** Decides one operation on one named resource. */
    Decision decide(ResourceType type, String name, Operation operation);

    /**
     * Decides whether the operation is allowed on at least one resource of the type (Kafka's
     * {@code authorizeByResourceType}, KIP-679).
     */
    Decision decideAny(ResourceType type, Operation operation);
}
