package dev.weir.policy.model;

import dev.weir.policy.decide.OnViolation;
import dev.weir.policy.decide.SchemaGuard;
import dev.weir.policy.yaml.Position;
import java.util.List;
import java.util.Optional;

/**
 * What records of some topics have to look like.
 *
 * @param owner who answers for it, or empty
 * @param topics of which a record is looked at; of two patterns that match, the more specific one holds
 * @param key what keys have to be, where anything is said of them
 * @param value the same of values
 * @param tombstones whether records without a value are taken, as compacted topics need them
 * @param schemaless whether keys and values are taken that say no schema
 * @param unsettled whether records are taken while a registry does not say what their schema is
 * @param onViolation what becomes of records that are something else
 * @param deadLetters where they are kept, if that is what becomes of them
 * @param mode the document's own mode, if it names one
 */
public record SchemaRule(
        String name,
        String owner,
        List<NamePattern> topics,
        Optional<SchemaGuard.Check> key,
        Optional<SchemaGuard.Check> value,
        boolean tombstones,
        boolean schemaless,
        boolean unsettled,
        OnViolation onViolation,
        Optional<DeadLetters> deadLetters,
        Optional<Mode> mode,
        Position at) {

    /**
     * The topic that records go to in place of their own.
     *
     * @param at where it is named
     */
    public record DeadLetters(String topic, Position at) {}

    public SchemaRule {
        topics = List.copyOf(topics);
    }
}
