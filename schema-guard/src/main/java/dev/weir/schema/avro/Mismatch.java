package dev.weir.schema.avro;

import dev.weir.schema.Reason;
import dev.weir.schema.Violation;

/** Bytes that are not what the schema says; each node that it passes on its way up adds its part of the path. */
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reason reason;
    private final String found;
    private final String expected;
    private final int offsetBytes;
    private String path = "";

    Mismatch(Reason reason, String found, String expected, int offsetBytes) {
        super(found, null, false, false);
        this.reason = reason;
        this.found = found;
        this.expected = expected;
        this.offsetBytes = offsetBytes;
    }

    Mismatch inField(String name) {
        path = path.isEmpty() || path.startsWith("[") ? name + path : name + "." + path;
        return this;
    }

    Mismatch inItem(long index) {
        path = "[" + index + "]" + (path.isEmpty() || path.startsWith("[") ? path : "." + path);
        return this;
    }

    Violation violation() {
        return new Violation(reason, path, found, expected, offsetBytes);
    }
}
