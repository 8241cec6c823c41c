package dev.weir.schema.avro;

/** Types that hold no others. */
final class Leaf {
    static final Node NULL = fixed(0, "null");
    static final Node FLOAT = fixed(Float.BYTES, "a float of 4 bytes");
    static final Node DOUBLE = fixed(Double.BYTES, "a double of 8 bytes");

    static final Node INT = new Node("an int") {
        @Override
        int minBytes() {
            return 1;
        }

        @Override
        void skip(Cursor in) {
            in.readInt(what());
        }
    };

    static final Node LONG = new Node("a long") {
        @Override
        int minBytes() {
            return 1;
        }

        @Override
        void skip(Cursor in) {
            in.readLong(what());
        }
    };

    static final Node BYTES = new Node("bytes") {
        @Override
        int minBytes() {
            return 1;
        }

        @Override
        void skip(Cursor in) {
            in.skipBytes(what());
        }
    };

    static final Node STRING = new Node("a string") {
        @Override
        int minBytes() {
            return 1;
        }

        @Override
        void skip(Cursor in) {
            in.skipString(what());
        }
    };

    static final Node BOOLEAN = new Node("a boolean, 0 or 1") {
        @Override
        int minBytes() {
            return 1;
        }

        @Override
        void skip(Cursor in) {
            int value = in.readByte(what());
            if ((value & 0xfe) != 0) {
                throw in.mismatch(String.format("byte 0x%02x", value), what());
            }
        }
    };

    private Leaf() {}

    static Node fixed(int lengthBytes, String what) {
        return new Node(what) {
            @Override
            int minBytes() {
                return lengthBytes;
            }

            @Override
            void skip(Cursor in) {
                in.skip(lengthBytes, what());
            }
        };
    }

    static Node enumeration(String name, int symbols) {
        return new Node("a symbol of " + name + ", 0 to " + (symbols - 1)) {
            @Override
            int minBytes() {
                return 1;
            }

            @Override
            void skip(Cursor in) {
                int symbol = in.readInt(what());
                if (symbol < 0 || symbol >= symbols) {
                    throw in.mismatch("symbol " + symbol, what());
                }
            }
        };
    }
}
