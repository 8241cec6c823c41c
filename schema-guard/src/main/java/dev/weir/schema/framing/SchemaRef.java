package dev.weir.schema.framing;

import java.util.UUID;

/** Which schema a record says that it was written with. */
public sealed interface SchemaRef {
    /** The number that a Confluent-compatible registry gave the schema. */
    record Id(int id) implements SchemaRef {}

    /** Apicurio's global id. */
    record GlobalId(long id) implements SchemaRef {}

    /** The GUID that a Confluent registry gives the schema, the same wherever it is copied to. */
    record Guid(UUID guid) implements SchemaRef {}

    /** None: the topic's schema is the one that its rule names. */
    record Declared() implements SchemaRef {}
}
