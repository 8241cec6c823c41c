package dev.weir.policy.decide;

/**
 * How much a Service may do a second, through one proxy.
 *
 * @param rule the document that says so; its id is the quota's name
 * @param topics about which of its requests; empty for all
 * @param produceBytes of Produce requests a second; 0 for any number
 * @param fetchBytes of answers to fetches a second; 0 for any number
 * @param requests a second; 0 for any number
 * @param burstMillis for how long a client may have done nothing and make up for it at once
 * @param dryRun whether it is only counted
 */
public record QuotaPolicy(
        RuleRef rule,
        String service,
        TopicTable<Boolean> topics,
        long produceBytes,
        long fetchBytes,
        long requests,
        int burstMillis,
        boolean dryRun) {

    /** Its name. */
    public String name() {
        return rule.id();
    }

    /** Whether it is about all requests, whatever topics they name. */
    public boolean isAboutAll() {
        return topics.isEmpty();
    }
}
