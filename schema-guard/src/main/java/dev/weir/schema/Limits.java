package dev.weir.schema;

/**
 * How much one record may ask of whoever reads it. Beyond it the record is refused.
 *
 * @param depthMax levels of records, arrays and maps within each other
 * @param itemsMax items of all its arrays and maps together
 */
public record Limits(int depthMax, int itemsMax) {
    /** Deeper and larger than what people write on purpose. */
    public static final Limits DEFAULT = new Limits(64, 1_000_000);

    public Limits {
        if (depthMax < 1 || itemsMax < 1) {
            throw new IllegalArgumentException("limits of " + depthMax + " levels and " + itemsMax + " items");
        }
    }
}
