package dev.weir.proxy.mirror;

/**
 * So many records.
 *
 * @param bytes of their batches, as they are in a produce request
 */
public record Amount(long records, long bytes) {
    public static final Amount NONE = new Amount(0, 0);

    Amount plus(Amount other) {
        return new Amount(records + other.records, bytes + other.bytes);
    }

    Amount minus(Amount other) {
        return new Amount(records - other.records, bytes - other.bytes);
    }
}
