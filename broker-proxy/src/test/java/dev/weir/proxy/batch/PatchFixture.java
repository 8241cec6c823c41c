package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/** A patcher whose memory is counted, and batches for it. */
final class PatchFixture {
    static final HeaderPatch CHECKOUT = new HeaderPatch("checkout", false);
    static final byte[] VALUE = "value".getBytes(StandardCharsets.UTF_8);
    static final int HEADER_BYTES = 61;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final BatchPatcher patcher = patcher(BatchLimits.DEFAULT);

    BatchPatcher patcher() {
        return patcher;
    }

    /** Another one, of the same memory. */
    BatchPatcher patcher(BatchLimits limits) {
        return new BatchPatcher(allocator, limits);
    }

    ByteBuffer patched(ByteBuffer batch, HeaderPatch patch) {
        ByteBuf bytes = patcher.patch(batch, patch);
        try {
            return ByteBuffer.wrap(Utils.toArray(bytes.nioBuffer()));
        } finally {
            bytes.release();
        }
    }

    void assertReleased() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    /** As Kafka reads it. */
    static MutableRecordBatch only(ByteBuffer batch) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(batch.duplicate()).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.get(0);
    }

    static SimpleRecord record(String value, Header... headers) {
        return new SimpleRecord(1_000, null, value.getBytes(StandardCharsets.UTF_8), headers);
    }
}
