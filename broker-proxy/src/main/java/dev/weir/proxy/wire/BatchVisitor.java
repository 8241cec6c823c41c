package dev.weir.proxy.wire;

/** Told of the record batches that a {@link BatchReader} finds, in the order of the log. */
@FunctionalInterface
public interface BatchVisitor {
    /** Bit of the attributes: the batch belongs to a transaction (KIP-98). */
    int TRANSACTIONAL = 0x10;
    /** Bit of the attributes: the batch holds transaction markers and no data (KIP-98). */
    int CONTROL = 0x20;

    /** In place of a number of records that cannot be known without decompressing. */
    int UNKNOWN_RECORDS = -1;

    /**
     * One batch, or one message of the formats before it.
     *
     * @param baseOffset its first offset; in a request, as the producer wrote it
     * @param lastOffset its last offset
     * @param records how many it holds; {@link #UNKNOWN_RECORDS} for a compressed message set of format 0 or 1, whose
     *     two offsets are both that of the wrapper: the last of the messages inside
     * @param sizeBytes all of it, header included
     * @param attributes as on the wire
     * @param maxTimestampMillis the largest record timestamp; -1 where the format has none
     * @param producerId which producer wrote it (KIP-98); -1 for one that has no id
     */
    void batch(
            long baseOffset,
            long lastOffset,
            int records,
            int sizeBytes,
            int attributes,
            long maxTimestampMillis,
            long producerId);
}
