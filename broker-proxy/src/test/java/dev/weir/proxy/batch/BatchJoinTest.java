package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own classes write the batches, and read what is made of them. */
class BatchJoinTest {
    private static ByteBuffer nobodys(RandomBatches random, CompressionType type) {
        ByteBuffer batch = random.batch(type);
        ProducedBatch.makeNobodys(batch);
        return batch;
    }

    private static MutableRecordBatch read(ByteBuffer field) {
        List<MutableRecordBatch> batches = StreamSupport.stream(
                        MemoryRecords.readableRecords(field).batches().spliterator(), false)
                .toList();
        assertThat(batches).hasSize(1);
        batches.get(0).ensureValid();
        return batches.get(0);
    }

    private static List<SimpleRecord> contents(ByteBuffer field) {
        List<SimpleRecord> contents = new ArrayList<>();
        for (Record record : read(field)) {
            contents.add(new SimpleRecord(record));
        }
        return contents;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theRecordsOfAllAreThereInTheirOrder(long seed) {
        RandomBatches random = new RandomBatches(seed);
        List<ByteBuffer> batches = IntStream.range(0, 40)
                .mapToObj(i -> nobodys(random, CompressionType.NONE))
                .toList();
        assertThat(batches).allMatch(BatchJoin::takes);
        List<ByteBuffer> before = batches.stream().map(BatchJoinTest::copy).toList();

        ByteBuffer joined = BatchJoin.of(batches);

        List<SimpleRecord> expected = new ArrayList<>();
        batches.forEach(batch -> expected.addAll(contents(batch)));
        assertThat(contents(joined)).isEqualTo(expected);
        assertThat(batches).as("stay as they are").isEqualTo(before);
        MutableRecordBatch batch = read(joined);
        assertThat(batch.lastOffset()).isEqualTo(expected.size() - 1);
        assertThat(batch.maxTimestamp())
                .isEqualTo(expected.stream()
                        .mapToLong(SimpleRecord::timestamp)
                        .max()
                        .orElseThrow());
        assertThat(batch.hasProducerId()).isFalse();
        assertThat(StreamSupport.stream(batch.spliterator(), false).map(Record::offset))
                .isEqualTo(IntStream.range(0, expected.size())
                        .mapToObj(i -> (long) i)
                        .toList());
        assertThat(BatchJoin.takes(joined)).isTrue();
    }

    private static ByteBuffer copy(ByteBuffer batch) {
        return ByteBuffer.allocate(batch.limit()).put(batch.duplicate()).flip();
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsCompressedIsLeftAlone(CompressionType type) {
        assertThat(BatchJoin.takes(nobodys(new RandomBatches(7), type))).isFalse();
    }

    @Test
    void whatCannotBeReadIsLeftAlone() {
        ByteBuffer batch = nobodys(new RandomBatches(8), CompressionType.NONE);
        assertThat(BatchJoin.takes(batch)).isTrue();
        assertThat(BatchJoin.takes(copy(batch).limit(batch.limit() - 1))).isFalse();
        assertThat(BatchJoin.takes(copy(batch).putInt(BatchBody.COUNT_AT, 1_000)))
                .isFalse();
        assertThat(BatchJoin.takes(copy(batch).putInt(BatchBody.COUNT_AT, 0))).isFalse();
        assertThat(BatchJoin.takes(copy(batch).putShort(BatchBody.ATTRIBUTES_AT, (short) 0x20)))
                .as("a marker")
                .isFalse();
    }
}
