package dev.weir.topology.view;

import java.util.List;

/** What a security engineer wants to see first. Each list has the newest or the most frequent first. */
public record SecurityView(
        List<Finding> findings,
        List<Denial> denials,
        List<FailedLogIn> failedLogIns,
        List<AdminAction> adminActions,
        List<AdminPower> adminPowers,
        List<UnusedGrant> unusedGrants) {

    public SecurityView {
        findings = List.copyOf(findings);
        denials = List.copyOf(denials);
        failedLogIns = List.copyOf(failedLogIns);
        adminActions = List.copyOf(adminActions);
        adminPowers = List.copyOf(adminPowers);
        unusedGrants = List.copyOf(unusedGrants);
    }

    /**
     * Something that ought to be mended.
     *
     * @param kind {@code plaintext}, {@code anonymous}, {@code weak-authentication}, {@code no-service},
     *     {@code certificate-expiring}, {@code log-ins-failing}, {@code bypass-producer}, {@code bypass-group}
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

    /**
     * A log-in that failed again and again, counted.
     *
     * @param principal what the client claimed to be; empty where there were too many to name
     */
    public record FailedLogIn(
            String principal,
            String mechanism,
            boolean tls,
            String listener,
            String source,
            String reason,
            long count,
            long firstSeenMillis,
            long lastSeenMillis) {}

    /**
     * What an {@code AdminAccess} lets a Service do to the cluster and what is in it.
     *
     * @param used how often it was used, as far as was observed
     * @param lastUsedMillis -1 for never
     */
    public record AdminPower(
            String service,
            String operations,
            String resources,
            String rule,
            String ruleAt,
            long used,
            long lastUsedMillis) {}

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
