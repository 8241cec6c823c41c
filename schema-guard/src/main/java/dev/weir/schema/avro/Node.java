package dev.weir.schema.avro;

import dev.weir.schema.bytes.Mismatch;

/** A compiled type: walks over one value. */
abstract class Node {
    /** What is expected where it stands, in words. */
    private final String what;

    Node(String what) {
        this.what = what;
    }

    final String what() {
        return what;
    }

    /** The least number of bytes that a value has; 0 while the type is not known to its end. */
    abstract int minBytes();

    /** Moves behind one value, or throws a {@link Mismatch}. */
    abstract void skip(Cursor in);
}
