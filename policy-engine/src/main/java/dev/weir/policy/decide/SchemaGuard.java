package dev.weir.policy.decide;

import dev.weir.schema.PayloadValidator;
import dev.weir.schema.framing.Framing;
import dev.weir.schema.registry.SchemaDemand;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
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
 * @param schemaless whether a key or a value may say no schema; then it is not looked at
 * @param unsettled whether a record may go on while nobody can say whether it is what it has to be
 */
public record SchemaGuard(
        RuleRef rule,
        OnViolation onViolation,
        @Nullable String deadLetterTopic,
        @Nullable Check key,
        @Nullable Check value,
        boolean tombstones,
        boolean schemaless,
        boolean unsettled) {

    /**
     * What a key or a value has to be.
     *
     * @param framing how it says its schema
     * @param source where that comes from
     */
    public record Check(Framing framing, Source source) {}

    /** Where a schema comes from. */
    public sealed interface Source {
        /**
         * From beside the policy.
         *
         * @param schema its name, for messages
         * @param validator reads by it
         * @param framed where the rule says no framing: what reads by it behind those that serializers write in front, so that who forgot to
         *     say it can be told
         */
        record Declared(String schema, PayloadValidator validator, Map<Framing, PayloadValidator> framed)
                implements Source {
            public Declared {
                framed = Collections.unmodifiableMap(new EnumMap<>(framed));
            }
        }

        /**
         * From a registry.
         *
         * @param registry as {@code weir.yaml} calls it
         * @param demand what the schema that a record says has to be there
         */
        record Registered(String registry, SchemaDemand demand) implements Source {}
    }
}
