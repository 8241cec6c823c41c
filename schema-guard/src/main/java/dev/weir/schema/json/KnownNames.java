package dev.weir.schema.json;

import java.util.Set;

/**
 * The names of properties that a schema says. Others are contents of a record, as the keys of a map are, and are not told.
 *
 * @param names all that stand anywhere in the schema
 */
record KnownNames(Set<String> names) {
    boolean has(String name) {
        return names.contains(name);
    }
}
