package dev.weir.schema.framing;

import java.util.UUID;

/** Which schema a record says that it was written with. */
public sealed interface SchemaRef {
    /** For people: {@code schema id 7}. */
    String text();

    /** The number that a Confluent-compatible registry gave the schema. */
    record Id(int id) implements SchemaRef {
        @Override
        public String text() {
            return "schema id " + Integer.toUnsignedString(id);
        }
    }

    /** Apicurio's global id. */
    record GlobalId(long id) implements SchemaRef {
        @Override
        public String text() {
            return "global id " + id;
        }
    }

    /** The GUID that a Confluent registry gives the schema, the same wherever it is copied to. */
    record Guid(UUID guid) implements SchemaRef {
        @Override
        public String text() {
            return "schema GUID " + guid;
        }
    }

    /** None: the topic's schema is the one that its rule names. */
    record Declared() implements SchemaRef {
        @Override
        public String text() {
            return "no schema";
        }
    }
}
