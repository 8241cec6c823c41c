package dev.weir.schema.framing;

import java.util.List;
import java.util.UUID;

/** Which schema a record says that it was written with. */
public sealed interface SchemaRef {
    /** For people: {@code schema id 7}. */
    String text();

    /** The same without what it says beside the schema. */
    default SchemaRef schemaAlone() {
        return this instanceof Guid guid && !guid.messageIndexes().isEmpty() ? new Guid(guid.guid()) : this;
    }

    /** Which message of a Protobuf schema it is, where that is said beside the schema; otherwise empty. */
    default List<Integer> messageIndexes() {
        return List.of();
    }

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

    /**
     * The GUID that a Confluent registry gives the schema, the same wherever it is copied to.
     *
     * @param messageIndexes which message of a Protobuf schema it is: the number of one in its file, of the one in that, and so on; empty
     *     where it is not said
     */
    record Guid(UUID guid, List<Integer> messageIndexes) implements SchemaRef {
        public Guid {
            messageIndexes = List.copyOf(messageIndexes);
        }

        /** Of any format but Protobuf. */
        public Guid(UUID guid) {
            this(guid, List.of());
        }

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
