package dev.weir.topology.view;

/**
 * One thing that happened, or happened again and again within about a second. What does not apply is empty.
 *
 * @param proxy that saw it
 * @param principal who, as Kafka writes it; of a failed log-in, what the client claimed to be
 * @param mechanism how it authenticated
 * @param source the client's address
 * @param rule that allowed or denied it, with its file and line in {@code ruleAt}
 * @param policyRevision that the rule is of; of a change of policy, the new one
 * @param api of an administrative request, by Kafka's name
 * @param result of an administrative request, Kafka's name of its error or {@code NONE}
 * @param reason in words
 * @param author who made the commit of a change of policy
 * @param example of records that are not what their schema says, what was wrong with the first; a mesh of before does not say
 */
public record AuditEntry(
        Kind kind,
        long firstMillis,
        long lastMillis,
        long count,
        String proxy,
        String cluster,
        String listener,
        String principal,
        String service,
        String version,
        String clientId,
        String software,
        String mechanism,
        boolean tls,
        String source,
        String resourceType,
        String resourceName,
        String operation,
        String rule,
        String ruleAt,
        String policyRevision,
        String api,
        String result,
        String reason,
        String author,
        String example) {
    public AuditEntry {
        example = example == null ? "" : example;
    }

    /** What kind of thing. */
    public enum Kind {
        DENIED,
        DRY_RUN_DENIED,
        ADMIN,
        LOG_IN,
        LOG_IN_FAILED,
        POLICY_IN_FORCE,
        POLICY_REFUSED,
        /** The count is of records. */
        SCHEMA_VIOLATION,
        /** Somebody may read a topic, and was not let, because of records that are there. */
        READ_REFUSED,
        /** What a client logged in with holds no more, and its connection was ended. */
        SESSION_ENDED,
        /** A newer proxy reports what this program does not know. */
        OTHER
    }
}
