package dev.weir.proxy.rule;

import dev.weir.proxy.registry.SchemaRegistries;

/**
 * All rules on records. Immutable; any thread.
 *
 * @param requests on those that are written
 * @param fetches on those that are read
 */
public record RecordRuleSet(RequestRules requests, FetchRules fetches) {

    /** Every rule that there is, with what they ask. */
    public static RecordRuleSet all(SigningKeys keys, SchemaRegistries registries) {
        return new RecordRuleSet(RequestRules.all(keys, registries), FetchRules.all(keys));
    }
}
