package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The header of the one batch of a records field of a produce request, as far as it can be told from its bytes alone.
 *
 * @param whole whether it is one batch of format 2 that fills the field; if not, nothing else is known of it
 * @param old whether it is of a format before 2
 * @param records how many there are, by its header
 */
public record ProducedBatch(boolean whole, boolean old, int records, boolean transactional) {
    private static final int PARTITION_LEADER_EPOCH_AT = 12;
    private static final int MAGIC_AT = 16;
    private static final int LENGTH_END = 12;
    private static final int PRODUCER_EPOCH_AT = 51;
    private static final int BASE_SEQUENCE_AT = 53;
    private static final int TRANSACTIONAL = 0x10;

    private static final ProducedBatch NONE = new ProducedBatch(false, false, 0, false);
    private static final ProducedBatch OLD = new ProducedBatch(false, true, 0, false);

    /**
     * Reads it.
     *
     * @param field its bytes stay as they are, and its position and limit, too
     */
    public static ProducedBatch of(ByteBuffer field) {
        int at = field.position();
        int fieldBytes = field.remaining();
        if (fieldBytes <= MAGIC_AT) {
            return NONE;
        }
        byte magic = field.get(at + MAGIC_AT);
        if (magic != RecordBatch.MAGIC_VALUE_V2) {
            return magic >= 0 && magic < RecordBatch.MAGIC_VALUE_V2 ? OLD : NONE;
        }
        if (fieldBytes < BatchBody.HEADER_BYTES
                || LENGTH_END + (long) field.getInt(at + BatchBody.LENGTH_AT) != fieldBytes) {
            return NONE;
        }
        int records = field.getInt(at + BatchBody.COUNT_AT);
        boolean transactional = (field.getShort(at + BatchBody.ATTRIBUTES_AT) & TRANSACTIONAL) != 0;
        return records <= 0 ? NONE : new ProducedBatch(true, false, records, transactional);
    }

    /**
     * Takes from a batch what makes it one of a certain producer's: id, epoch, sequence and transaction. What is left is a batch of
     * nobody's, which any partition takes at any time.
     *
     * @param batch from 0 to its limit; it is changed
     */
    public static void makeNobodys(ByteBuffer batch) {
        batch.putInt(PARTITION_LEADER_EPOCH_AT, RecordBatch.NO_PARTITION_LEADER_EPOCH);
        short attributes = batch.getShort(BatchBody.ATTRIBUTES_AT);
        batch.putShort(BatchBody.ATTRIBUTES_AT, (short) (attributes & ~TRANSACTIONAL));
        batch.putLong(BatchBody.PRODUCER_ID_AT, RecordBatch.NO_PRODUCER_ID);
        batch.putShort(PRODUCER_EPOCH_AT, RecordBatch.NO_PRODUCER_EPOCH);
        batch.putInt(BASE_SEQUENCE_AT, RecordBatch.NO_SEQUENCE);
        BatchBody.sealed(batch);
    }
}
