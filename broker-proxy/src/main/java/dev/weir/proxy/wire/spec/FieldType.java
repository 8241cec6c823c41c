package dev.weir.proxy.wire.spec;

import java.util.Locale;

/** What a field holds. */
public sealed interface FieldType {

    /** The field's own type, or the type of its elements. */
    default FieldType element() {
        return this;
    }

    /** The scalar types of the protocol, and its strings and runs of bytes. */
    enum Primitive implements FieldType {
        BOOL(1),
        INT8(1),
        INT16(2),
        UINT16(2),
        INT32(4),
        UINT32(4),
        INT64(8),
        FLOAT64(8),
        UUID(16),
        STRING(0),
        BYTES(0),
        RECORDS(0);

        private final int widthBytes;

        Primitive(int widthBytes) {
            this.widthBytes = widthBytes;
        }

        /** The size on the wire, or 0 when a length goes before the bytes. */
        public int widthBytes() {
            return widthBytes;
        }

        static Primitive named(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    /** {@code []T}. */
    record Array(FieldType element) implements FieldType {}

    /** A group of fields with a name. */
    record Struct(StructSpec spec) implements FieldType {}
}
