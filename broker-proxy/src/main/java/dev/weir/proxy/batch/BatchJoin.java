package dev.weir.proxy.batch;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * Makes one batch of several, as their producer would have with more patience: records stay as they are, in their order, with offsets and
 * times counted from the first batch on. Only of batches that are of nobody's ({@link ProducedBatch#makeNobodys}) and not compressed: nothing
 * else can be put together without opening it. Any thread.
 */
public final class BatchJoin {
    /** By so much a record's length and both of its deltas may grow. */
    private static final int GROWTH_BYTES_MAX = 20;

    private BatchJoin() {}

    /**
     * Whether it can be put together with others: plain, and readable to its end, as the one batch of a producer is.
     *
     * @param batch from 0 to its limit, whole; it stays as it is
     */
    public static boolean takes(ByteBuffer batch) {
        if (batch.getShort(BatchBody.ATTRIBUTES_AT) != 0) {
            return false;
        }
        RecordView record = new RecordView();
        int count = batch.getInt(BatchBody.COUNT_AT);
        int at = BatchBody.HEADER_BYTES;
        try {
            for (int i = 0; i < count; i++) {
                record.read(batch, at, batch.limit());
                if (record.offsetDelta != i) {
                    return false;
                }
                at = record.end;
            }
        } catch (InvalidBatchException e) {
            return false;
        }
        return at == batch.limit();
    }

    /**
     * Puts them together.
     *
     * @param batches each as {@link #takes} has it; their bytes stay as they are
     * @return on the heap, the caller's
     */
    public static ByteBuffer of(List<ByteBuffer> batches) {
        ByteBuffer first = batches.get(0);
        long baseMillis = first.getLong(BatchBody.BASE_TIMESTAMP_AT);
        long maxMillis = Long.MIN_VALUE;
        ByteBuffer joined = ByteBuffer.allocate(bytesMax(batches));
        joined.put(0, first, 0, BatchBody.HEADER_BYTES).position(BatchBody.HEADER_BYTES);
        int count = 0;
        for (ByteBuffer batch : batches) {
            append(batch, batch.getLong(BatchBody.BASE_TIMESTAMP_AT) - baseMillis, count, joined);
            count += batch.getInt(BatchBody.COUNT_AT);
            maxMillis = Math.max(maxMillis, batch.getLong(BatchBody.MAX_TIMESTAMP_AT));
        }
        joined.putInt(BatchBody.COUNT_AT, count);
        joined.putInt(BatchBody.LAST_OFFSET_DELTA_AT, count - 1);
        joined.putLong(BatchBody.MAX_TIMESTAMP_AT, maxMillis);
        return BatchBody.sealed(joined.flip());
    }

    private static int bytesMax(List<ByteBuffer> batches) {
        int bytes = 0;
        for (ByteBuffer batch : batches) {
            bytes += batch.limit() + batch.getInt(BatchBody.COUNT_AT) * GROWTH_BYTES_MAX;
        }
        return bytes;
    }

    private static void append(ByteBuffer batch, long laterMillis, int offset, ByteBuffer out) {
        RecordView record = new RecordView();
        for (int at = BatchBody.HEADER_BYTES; at < batch.limit(); at = record.end) {
            record.read(batch, at, batch.limit());
            long timestampDelta = record.timestampDelta + laterMillis;
            int offsetDelta = record.offsetDelta + offset;
            int restBytes = record.end - record.offsetDeltaEnd;
            ByteUtils.writeVarint(
                    1 + ByteUtils.sizeOfVarlong(timestampDelta) + ByteUtils.sizeOfVarint(offsetDelta) + restBytes, out);
            out.put(batch.get(record.bodyAt)); // attributes
            ByteUtils.writeVarlong(timestampDelta, out);
            ByteUtils.writeVarint(offsetDelta, out);
            out.put(out.position(), batch, record.offsetDeltaEnd, restBytes).position(out.position() + restBytes);
        }
    }
}
