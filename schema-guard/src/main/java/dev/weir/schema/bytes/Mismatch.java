package dev.weir.schema.bytes;

import dev.weir.schema.Reason;
import dev.weir.schema.Violation;

/** Bytes that are not what the schema says; each node that it passes on its way up adds its part of the path. */
public final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reason reason;
    private final String found;
    private final String expected;
    private final int offsetBytes;
    private String path = "";

    /** As {@link Violation}, at a place that is not known yet. */
    public Mismatch(Reason reason, String found, String expected, int offsetBytes) {
        super(found, null, false, false);
        this.reason = reason;
        this.found = found;
        this.expected = expected;
        this.offsetBytes = offsetBytes;
    }

    /** Below a field. */
    public Mismatch inField(String name) {
        path = path.isEmpty() || path.startsWith("[") ? name + path : name + "." + path;
        return this;
    }

    /** In an item of a list. */
    public Mismatch inItem(long index) {
        path = "[" + index + "]" + (path.isEmpty() || path.startsWith("[") ? path : "." + path);
        return this;
    }

    /** For whoever asked. */
    public Violation violation() {
        return new Violation(reason, path, found, expected, offsetBytes);
    }
}
