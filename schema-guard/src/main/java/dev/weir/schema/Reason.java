package dev.weir.schema;

/** Why a record is refused: a closed set, for metrics. */
public enum Reason {
    /** The bytes in which a record says its schema are cut short, or not of the framing that the topic has. */
    FRAMING,
    /** It says a schema that the registry does not have. */
    UNKNOWN_SCHEMA,
    /** It says a schema that is registered, but not for the subject of its topic. */
    OTHER_SUBJECT,
    /** It says a schema that the registry has and that cannot be used: broken, of a format that is not read, too large. */
    UNUSABLE_SCHEMA,
    /** The payload does not read as its schema says. */
    PAYLOAD,
    /** The payload is read to its end by its schema, and there are more bytes. */
    TRAILING_BYTES,
    /** Reading it on would pass a limit: nesting, or the number of items. */
    LIMIT,
    /** It has no value, and tombstones are refused. */
    TOMBSTONE,
    /** It has no schema, and records without one are refused. */
    NO_SCHEMA,
    /** The registry did not answer, and records are refused then. */
    REGISTRY_DOWN
}
