package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Bytes that nobody meant, with a checksum that fits: they are refused with {@link InvalidBatchException}, or they become a
 * batch that Kafka reads, in which every record has the header once.
 */
class BatchPatcherFuzzTest {
    private static final int HEADER_BYTES = 61;
    private static final HeaderPatch PATCH = new HeaderPatch("checkout", true);
    private static final BatchLimits LIMITS = new BatchLimits(4 << 20, 1_000);

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final BatchPatcher patcher = new BatchPatcher(allocator, LIMITS);

    @FuzzTest
    void anyBytesAsRecords(byte[] data) {
        ByteBuffer batch = ByteBuffer.allocate(HEADER_BYTES + data.length);
        batch.putInt(8, batch.limit() - 12).put(16, RecordBatch.MAGIC_VALUE_V2);
        if (data.length > 3) {
            batch.putShort(21, (short) (data[0] & 0x37)).putInt(57, data[1] & 0xFF);
            batch.position(HEADER_BYTES).put(data, 2, data.length - 2).limit(batch.position());
            batch.putInt(8, batch.limit() - 12);
        }
        tryIt(sealed(batch.position(0)));
    }

    @FuzzTest
    void anyBytesAsABatch(byte[] data) {
        ByteBuffer batch = ByteBuffer.wrap(data.clone());
        if (data.length > 21) {
            sealed(batch);
        }
        tryIt(batch);
    }

    private void tryIt(ByteBuffer batch) {
        try {
            ByteBuf patched = patcher.patch(batch, PATCH);
            try {
                check(patched.nioBuffer());
            } finally {
                patched.release();
            }
        } catch (InvalidBatchException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isZero();
    }

    private void check(ByteBuffer patched) {
        int records = 0;
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(patched).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                records++;
                int principals = 0;
                for (var header : record.headers()) {
                    principals += header.key().startsWith("weir-") ? 1 : 0;
                }
                assertThat(principals).isEqualTo(1);
            }
        }
        assertThat(records).isEqualTo(patcher.records());
    }

    private static ByteBuffer sealed(ByteBuffer batch) {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate().position(21));
        return batch.putInt(17, (int) crc.getValue());
    }
}
