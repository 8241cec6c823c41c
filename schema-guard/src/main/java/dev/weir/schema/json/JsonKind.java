package dev.weir.schema.json;

/** What a value of JSON is. */
enum JsonKind {
    OBJECT(0),
    ARRAY(1),
    STRING(2),
    NUMBER(3),
    TRUE(4),
    FALSE(5),
    NULL(6);

    private static final JsonKind[] ALL = values();

    private final byte code;

    JsonKind(int code) {
        this.code = (byte) code;
    }

    static JsonKind of(byte code) {
        return ALL[code];
    }

    byte code() {
        return code;
    }

    /** One of a set of them. */
    int bit() {
        return 1 << code;
    }
}
