package dev.weir.schema.framing;

/** A key or a value, taken apart. */
public sealed interface Framed {
    /**
     * It says a schema, or needs to say none.
     *
     * @param schema which
     * @param payloadOffset where its payload begins, counted from the first byte of the key or value
     */
    record Payload(SchemaRef schema, int payloadOffset) implements Framed {}

    /**
     * It does not say a schema at all: it was written without the framing.
     *
     * @param found in words
     * @param expected in words
     */
    record Unframed(String found, String expected) implements Framed {}

    /**
     * It is cut short, or says its schema in another way.
     *
     * @param found in words
     * @param expected in words
     */
    record Unreadable(String found, String expected) implements Framed {}
}
