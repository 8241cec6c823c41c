package dev.weir.policy.decide;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.framing.Framing;
import org.jspecify.annotations.Nullable;

/**
 * What records that are written to a topic have to look like.
 *
 * @param rule the document that says so
 * @param onViolation what becomes of others; in dry-run they are only counted
 * @param deadLetterTopic where those go that are quarantined; {@code null} where none are
 * @param key what keys have to be, or {@code null} for anything
 * @param value the same of values
 * @param tombstones whether a record may have no value
 */
public record SchemaGuard(
        RuleRef rule,
        OnViolation onViolation,
        @Nullable String deadLetterTopic,
        @Nullable Check key,
        @Nullable Check value,
        boolean tombstones) {

    /**
     * What a key or a value has to be.
     *
     * @param framing how it says its schema
     * @param schema name of the schema, for messages
     * @param validator reads by it
     */
    public record Check(Framing framing, String schema, PayloadValidator validator) {}
}
