package dev.weir.schema.registry;

import dev.weir.schema.PayloadValidator;

/**
 * A schema of a registry, ready for use.
 *
 * @param recordName full name of the type that it defines; empty when that has none, or it is not known
 * @param validator reads by it
 */
record RegisteredSchema(String recordName, PayloadValidator validator) {}
