package dev.weir.schema;

/**
 * What is wrong with a payload.
 *
 * @param reason the kind
 * @param path where in the record, as {@code items[3].price}; empty for the record itself
 * @param found what stands there, in words; never the contents of the record
 * @param expected what its schema says
 * @param offsetBytes where in the payload, counted from its first byte
 */
public record Violation(Reason reason, String path, String found, String expected, int offsetBytes) {
    /** One sentence: where, what was found, what was expected. */
    public String text() {
        String where = path.isEmpty() ? "the record" : path;
        return "at " + where + " (byte " + offsetBytes + "): found " + found + ", expected " + expected;
    }
}
