package dev.weir.schema.framing;

import dev.weir.mesh.log.Counted;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;
import java.util.UUID;

/** The ways to say a schema that producers use. Declared for each topic: bytes alone do not tell one from the other. */
public enum Framing {
    /** {@code 0x00}, then the schema's id in 4 bytes, big-endian: Confluent's serializers, and Apicurio's since 3.0. */
    CONFLUENT_PREFIX {
        @Override
        public Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers) {
            return prefixed(bytes, offset, lengthBytes, Integer.BYTES);
        }
    },

    /**
     * The header {@code __key_schema_id} or {@code __value_schema_id}: {@code 0x01} and a GUID in 16 bytes, for Protobuf with the message
     * indexes behind it; the payload has no prefix (Confluent's serializers with {@code HeaderSchemaIdSerializer}).
     */
    CONFLUENT_HEADERS {
        @Override
        public Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers) {
            String name = key ? KEY_HEADER : VALUE_HEADER;
            byte[] header = headers.last(name);
            if (header == null) {
                return new Framed.Unframed("no header " + name, "0x01 and a GUID of 16 bytes in it");
            }
            List<Integer> indexes =
                    header.length < GUID_END || header[0] != GUID_MAGIC ? null : MessageIndexes.read(header, GUID_END);
            if (indexes == null) {
                return new Framed.Unreadable(
                        "header " + name + " of " + Counted.of(header.length, "byte")
                                + firstByte(header, 0, header.length),
                        "0x01 and a GUID of 16 bytes in it");
            }
            UUID guid = new UUID((long) LONG.get(header, 1), (long) LONG.get(header, 1 + Long.BYTES));
            return new Framed.Payload(new SchemaRef.Guid(guid, indexes), 0);
        }
    },

    /**
     * The header {@code apicurio.key.globalId} or {@code apicurio.value.globalId}: the global id in 8 bytes, big-endian; the payload
     * has no prefix (Apicurio's serializers before 3.0, unless told otherwise). Since 3.0, where headers are on, {@code
     * apicurio.key.contentId} or {@code apicurio.value.contentId}: the id that the Confluent-compatible API has, in 8 bytes. Serializers write
     * one of them. Of several, deserializers take one and say nothing of the others, so it is not to be read.
     */
    APICURIO_HEADERS {
        @Override
        public Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers) {
            String globalName = key ? "apicurio.key.globalId" : VALUE_GLOBAL_ID;
            String contentName = key ? "apicurio.key.contentId" : VALUE_CONTENT_ID;
            String hashName = key ? "apicurio.key.contentHash" : "apicurio.value.contentHash";
            byte[] global = headers.last(globalName);
            byte[] content = headers.last(contentName);
            boolean hash = headers.last(hashName) != null;
            if (content == null ? global != null && hash : global != null || hash) {
                return new Framed.Unreadable(
                        "more than one of the headers " + globalName + ", " + contentName + " and " + hashName,
                        "one, since each may say another schema");
            } else if (content != null) {
                return contentId(contentName, content);
            } else if (global == null) {
                return new Framed.Unframed("no header " + globalName, "a global id of 8 bytes in it");
            }
            return global.length == Long.BYTES
                    ? new Framed.Payload(new SchemaRef.GlobalId((long) LONG.get(global, 0)), 0)
                    : new Framed.Unreadable(
                            "header " + globalName + " of " + Counted.of(global.length, "byte"),
                            "a global id of 8 bytes in it");
        }

        private static Framed contentId(String name, byte[] header) {
            long id = header.length == Long.BYTES ? (long) LONG.get(header, 0) : -1;
            return id == (int) id && id >= 0
                    ? new Framed.Payload(new SchemaRef.Id((int) id), 0)
                    : new Framed.Unreadable(
                            "header " + name + " of " + Counted.of(header.length, "byte"),
                            "a content id in it, of 8 bytes, and no more than 2147483647");
        }
    },

    /** {@code 0x00}, then the global id in 8 bytes, big-endian: Apicurio's serializers before 3.0, where headers are off. */
    APICURIO {
        @Override
        public Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers) {
            return prefixed(bytes, offset, lengthBytes, Long.BYTES);
        }
    },

    /** None: the payload begins with the first byte. */
    NONE {
        @Override
        public Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers) {
            return DECLARED;
        }
    };

    /** Where Confluent's serializers put the GUID of a key's schema. */
    public static final String KEY_HEADER = "__key_schema_id";

    /** As {@link #KEY_HEADER}, of a value's. */
    public static final String VALUE_HEADER = "__value_schema_id";

    /** Where Apicurio's serializers before 3.0 put the global id of a value's. */
    public static final String VALUE_GLOBAL_ID = "apicurio.value.globalId";

    /** Where those since 3.0 put the content id of a value's. */
    public static final String VALUE_CONTENT_ID = "apicurio.value.contentId";

    private static final byte GUID_MAGIC = 1;
    private static final int GUID_END = 1 + 2 * Long.BYTES;
    private static final Framed DECLARED = new Framed.Payload(new SchemaRef.Declared(), 0);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /**
     * Takes a key or a value apart. Never throws.
     *
     * @param key whether it is a key
     * @param bytes holds it from {@code offset} on
     * @param lengthBytes how long it is
     * @param headers those of its record
     */
    public abstract Framed read(boolean key, byte[] bytes, int offset, int lengthBytes, HeaderLookup headers);

    private static Framed prefixed(byte[] bytes, int offset, int lengthBytes, int idBytes) {
        boolean framed = lengthBytes > 0 && bytes[offset] == 0;
        if (!framed || lengthBytes < 1 + idBytes) {
            String found = Counted.of(lengthBytes, "byte") + firstByte(bytes, offset, lengthBytes);
            String expected = "0x00 and a schema id of " + idBytes + " bytes in front";
            return framed ? new Framed.Unreadable(found, expected) : new Framed.Unframed(found, expected);
        }
        SchemaRef schema = idBytes == Integer.BYTES
                ? new SchemaRef.Id((int) INT.get(bytes, offset + 1))
                : new SchemaRef.GlobalId((long) LONG.get(bytes, offset + 1));
        return new Framed.Payload(schema, 1 + idBytes);
    }

    private static String firstByte(byte[] bytes, int offset, int lengthBytes) {
        return lengthBytes == 0
                ? ""
                : String.format(" that begin%s with 0x%02x", lengthBytes == 1 ? "s" : "", bytes[offset]);
    }
}
