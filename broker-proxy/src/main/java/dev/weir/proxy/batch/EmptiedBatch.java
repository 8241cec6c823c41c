package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * What is left of a batch when all of its records are taken out: its offsets, its producer and its place in the producer's sequence.
 * Nothing in it is compressed any more: there are clients that would try to decompress nothing.
 */
final class EmptiedBatch {
    /** The bits of a batch's attributes that name its compression. */
    private static final int COMPRESSION_MASK = 0x07;

    private static final int TRANSACTIONAL = 0x10;
    private static final int CONTROL = 0x20;
    private static final int RECORD_BYTES_MAX = 32;
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;

    private EmptiedBatch() {}

    /** Its header alone, as compaction leaves it. */
    static ByteBuffer header(ByteBuffer original) {
        ByteBuffer batch = ByteBuffer.allocate(BatchBody.HEADER_BYTES);
        batch.put(0, original, 0, BatchBody.HEADER_BYTES);
        batch.putShort(BatchBody.ATTRIBUTES_AT, attributes(original));
        batch.putInt(BatchBody.COUNT_AT, 0);
        return BatchBody.sealed(batch);
    }

    /**
     * With the marker of a committed transaction in the place of its last record (KIP-98): there are clients that go on by the last
     * record that they see, be it a marker, and would ask again for ever for a batch that has none.
     */
    static ByteBuffer marker(ByteBuffer original) {
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES_MAX);
        record.put((byte) 0); // attributes
        ByteUtils.writeVarlong(0, record);
        ByteUtils.writeVarint(original.getInt(BatchBody.LAST_OFFSET_DELTA_AT), record);
        ByteUtils.writeVarint(KEY_BYTES, record);
        record.putShort((short) 0).putShort(ControlRecordType.COMMIT.type());
        ByteUtils.writeVarint(VALUE_BYTES, record);
        record.putShort((short) 0).putInt(0); // the coordinator's epoch, which nobody reads
        ByteUtils.writeVarint(0, record); // headers
        record.flip();
        ByteBuffer batch = ByteBuffer.allocate(BatchBody.HEADER_BYTES + RECORD_BYTES_MAX);
        batch.put(0, original, 0, BatchBody.HEADER_BYTES);
        batch.position(BatchBody.HEADER_BYTES);
        ByteUtils.writeVarint(record.remaining(), batch);
        batch.put(record).flip();
        batch.putShort(BatchBody.ATTRIBUTES_AT, (short) (attributes(original) | TRANSACTIONAL | CONTROL));
        batch.putInt(BatchBody.COUNT_AT, 1);
        return BatchBody.sealed(batch);
    }

    private static short attributes(ByteBuffer original) {
        return (short) (original.getShort(BatchBody.ATTRIBUTES_AT) & ~COMPRESSION_MASK);
    }
}
