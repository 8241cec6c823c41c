package dev.weir.proxy.rule;

import dev.weir.proxy.mirror.Mirrors;
import dev.weir.proxy.registry.SchemaRegistries;

/**
 * All rules on records. Immutable; any thread.
 *
 * @param requests on those that are written
 * @param fetches on those that are read
 * @param mirrors of those that were written
 */
public record RecordRuleSet(RequestRules requests, FetchRules fetches, Mirrors mirrors) {

    /** Every rule that there is, with what they ask. */
    public static RecordRuleSet all(SigningKeys keys, SchemaRegistries registries, Mirrors mirrors) {
        return new RecordRuleSet(RequestRules.all(keys, registries), FetchRules.all(keys), mirrors);
    }
}
