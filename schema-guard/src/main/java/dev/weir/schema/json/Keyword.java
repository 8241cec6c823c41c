package dev.weir.schema.json;

import java.util.List;

/** What a schema demands of a value. Immutable once the schema is compiled. */
interface Keyword {
    /** Whether a value is so; what is not is noted in the evaluation. Values of other kinds than it is about are. */
    boolean holds(Evaluation of, int at);

    /** The schemas that it holds against the same value: a schema must not come back to itself through them. */
    default List<SchemaNode> inPlace() {
        return List.of();
    }

    /** Whether, in a value that is valid, it looks at a member, so that {@code unevaluatedProperties} does not. */
    default boolean looksAtProperty(Evaluation of, int object, int key) {
        return false;
    }

    /** As {@link #looksAtProperty}, of an item. */
    default boolean looksAtItem(Evaluation of, int array, int index, int item) {
        return false;
    }
}
