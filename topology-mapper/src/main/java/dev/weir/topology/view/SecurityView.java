package dev.weir.topology.view;

import java.util.List;

/** What a security engineer wants to see first. Each list has the newest or the most frequent first. */
public record SecurityView(
        List<Finding> findings, List<Denial> denials, List<AdminAction> adminActions, List<UnusedGrant> unusedGrants) {

    public SecurityView {
        findings = List.copyOf(findings);
        denials = List.copyOf(denials);
        adminActions = List.copyOf(adminActions);
        unusedGrants = List.copyOf(unusedGrants);
    }

    /**
     * Something that ought to be mended.
     *
     * @param kind {@code plaintext}, {@code anonymous}, {@code no-service}, {@code certificate-expiring},
     *     {@code bypass-producer}, {@code bypass-group}
     * @param subject what it is about: a service, a principal, a listener, a topic or a group
     * @param detail in words
     */
    public record Finding(String kind, Health severity, String subject, String detail, long lastSeenMillis) {}

    /** The same thing denied again and again, counted. */
    public record Denial(
            boolean dryRun,
            String service,
            String principal,
            String clientId,
            String source,
            String resourceType,
            String resourceName,
            String operation,
            String rule,
            String ruleAt,
            String policyRevision,
            long count,
            long firstSeenMillis,
            long lastSeenMillis) {}

    /** An administrative request that went through. */
    public record AdminAction(
            String service,
            String principal,
            String api,
            String resourceType,
            String resourceName,
            String operation,
            long count,
            long lastSeenMillis) {}

    /** A grant of policy that nothing has used for as long as was observed. */
    public record UnusedGrant(String rule, String ruleAt, String service, String operation, String topics) {}
}
