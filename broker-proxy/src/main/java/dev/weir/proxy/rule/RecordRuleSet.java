package dev.weir.proxy.rule;

/**
 * All rules on records. Immutable; any thread.
 *
 * @param requests on those that are written
 * @param fetches on those that are read
 */
public record RecordRuleSet(RequestRules requests, FetchRules fetches) {

    /** Every rule that there is. */
    public static RecordRuleSet all(SigningKeys keys) {
        return new RecordRuleSet(RequestRules.all(keys), FetchRules.all(keys));
    }
}
