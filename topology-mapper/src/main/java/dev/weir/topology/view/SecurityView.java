package dev.weir.topology.view;

import java.util.List;

/**
 * What a security engineer wants to see first. Each list has the newest or the most frequent first.
 *
 * @param endedSessions a Weir of before does not tell them
 * @param refusedReads a Weir of before does not tell them
 */
public record SecurityView(
        List<Finding> findings,
        List<Denial> denials,
        List<FailedLogIn> failedLogIns,
        List<EndedSession> endedSessions,
        List<RefusedRead> refusedReads,
        List<AdminAction> adminActions,
        List<AdminPower> adminPowers,
        List<UnusedGrant> unusedGrants) {

    public SecurityView {
        findings = List.copyOf(findings);
        denials = List.copyOf(denials);
        failedLogIns = List.copyOf(failedLogIns);
        endedSessions = endedSessions == null ? List.of() : List.copyOf(endedSessions);
        refusedReads = refusedReads == null ? List.of() : List.copyOf(refusedReads);
        adminActions = List.copyOf(adminActions);
        adminPowers = List.copyOf(adminPowers);
        unusedGrants = List.copyOf(unusedGrants);
    }

    /**
     * Something that ought to be mended.
     *
     * @param kind {@code plaintext}, {@code anonymous}, {@code weak-authentication}, {@code no-service},
     *     {@code certificate-expiring}, {@code log-ins-failing}, {@code records-unverified}, {@code bypass-producer},
     *     {@code bypass-group}
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

    /** What clients had logged in with held no more, and Weir ended their connections; again and again, counted. */
    public record EndedSession(
            String service,
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
     * A client that may read a topic was not let read on, because of records that are there; again and again, counted.
     *
     * @param topic empty where there were too many to name
     * @param reason in words: {@code signature} and what is wrong with it, or that it is not in the group of a canary
     */
    public record RefusedRead(
            String service,
            String principal,
            String clientId,
            String source,
            String cluster,
            String topic,
            Refusal refusal,
            String reason,
            String rule,
            String ruleAt,
            String policyRevision,
            long count,
            long firstSeenMillis,
            long lastSeenMillis) {

        /** What it was refused for. */
        public enum Refusal {
            /** Records whose signature policy does not take. */
            SIGNATURE,
            /** It is not in the group of a canary. */
            CANARY_GROUP,
            /** A newer proxy reports what this program does not know. */
            OTHER
        }
    }

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
