package dev.weir.proxy.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of batches, as Kafka's own classes read them. */
class BatchReaderTest {

    record Batch(
            long baseOffset,
            long lastOffset,
            int records,
            int sizeBytes,
            int attributes,
            long maxTimestamp,
            long producerId) {}

    private final BatchReader reader = new BatchReader();

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void readsWhatKafkaReads(CompressionType compression) {
        ByteBuf records = log(compression);
        List<Batch> expected = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(records.nioBuffer()).batches()) {
            expected.add(new Batch(
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.countOrNull(),
                    batch.sizeInBytes(),
                    (batch.isTransactional() ? BatchVisitor.TRANSACTIONAL : 0)
                            | (batch.isControlBatch() ? BatchVisitor.CONTROL : 0),
                    batch.maxTimestamp(),
                    batch.producerId()));
        }
        assertThat(expected).hasSize(4);

        Random random = new Random(compression.id);
        for (int chunkBytesMax : new int[] {1, 2, 7, 60, 61, 62, 500, records.readableBytes()}) {
            assertThat(read(records, chunkBytesMax, random))
                    .as("in chunks of up to %d bytes", chunkBytesMax)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, 1})
    void readsMessagesOfOlderFormats(byte magic) {
        ByteBuf plain = Unpooled.wrappedBuffer(
                MemoryRecords.withRecords(magic, 5, Compression.NONE, TimestampType.CREATE_TIME, simple(3))
                        .buffer());
        assertThat(read(plain, plain.readableBytes(), new Random(1)))
                .extracting(Batch::baseOffset, Batch::records)
                .containsExactly(tuple(5L, 1), tuple(6L, 1), tuple(7L, 1));
        assertThat(read(plain, 5, new Random(2))).isEqualTo(read(plain, plain.readableBytes(), new Random(3)));

        ByteBuf wrapped = Unpooled.wrappedBuffer(
                MemoryRecords.withRecords(magic, 5, Compression.gzip().build(), TimestampType.CREATE_TIME, simple(3))
                        .buffer());
        assertThat(read(wrapped, 3, new Random(4))).singleElement().satisfies(batch -> {
            assertThat(batch.records()).isEqualTo(BatchVisitor.UNKNOWN_RECORDS);
            assertThat(batch.lastOffset()).isEqualTo(7);
            assertThat(batch.sizeBytes()).isEqualTo(wrapped.readableBytes());
        });
    }

    @Test
    void leavesOutWhatIsNotThereAsAWhole() {
        ByteBuf records = log(CompressionType.NONE);
        int all = read(records, 100, new Random(5)).size();

        assertThat(read(records.slice(0, records.readableBytes() - 1), 100, new Random(6)))
                .hasSize(all - 1);
        assertThat(read(records.slice(0, 40), 100, new Random(7))).isEmpty();
        reader.begin(-1);
    }

    @FuzzTest
    void anyBytes(byte[] data) {
        ByteBuf bytes = Unpooled.wrappedBuffer(data);
        List<Batch> whole = read(bytes, Math.max(1, data.length), new Random(8));
        assertThat(read(bytes, 9, new Random(data.length))).isEqualTo(whole);
        assertThat(whole.stream().mapToLong(Batch::sizeBytes).sum()).isLessThanOrEqualTo(data.length);
    }

    @Test
    void realBatchesWithBytesChanged() {
        Random random = new Random(9);
        byte[] original = new byte[log(CompressionType.LZ4).readableBytes()];
        log(CompressionType.LZ4).readBytes(original);
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = original.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            anyBytes(changed);
        }
    }

    private List<Batch> read(ByteBuf records, int chunkBytesMax, Random random) {
        List<Batch> found = new ArrayList<>();
        int length = records.readableBytes();
        reader.begin(length);
        for (int at = 0; at < length; ) {
            int chunk = chunkBytesMax >= length ? length : Math.min(1 + random.nextInt(chunkBytesMax), length - at);
            reader.read(
                    records,
                    records.readerIndex() + at,
                    chunk,
                    (base, last, count, size, attributes, timestamp, producerId) -> found.add(new Batch(
                            base,
                            last,
                            count,
                            size,
                            attributes & (BatchVisitor.TRANSACTIONAL | BatchVisitor.CONTROL),
                            timestamp,
                            producerId)));
            at += chunk;
        }
        return found;
    }

    /** Two batches, a transactional one, and a marker. */
    private static ByteBuf log(CompressionType type) {
        Compression compression = Compression.of(type).build();
        return Unpooled.wrappedBuffer(
                MemoryRecords.withRecords(100, compression, simple(3)).buffer(),
                MemoryRecords.withRecords(103, compression, simple(50)).buffer(),
                MemoryRecords.withTransactionalRecords(
                                RecordBatch.CURRENT_MAGIC_VALUE, 200, compression, 7L, (short) 1, 0, 3, simple(2))
                        .buffer(),
                MemoryRecords.withEndTransactionMarker(
                                202, 999, 3, 7L, (short) 1, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                        .buffer());
    }

    private static SimpleRecord[] simple(int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(1_000 + i, ("key" + i).getBytes(StandardCharsets.UTF_8), new byte[i]);
        }
        return records;
    }
}
