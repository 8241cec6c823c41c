package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own classes read what became of batches of which single records were marked. */
class RecordMarksTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final BatchPatcher patcher = new BatchPatcher(allocator, BatchLimits.DEFAULT);

    @AfterEach
    void nothingIsLeftUnreleased() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    private MutableRecordBatch patched(ByteBuffer batch, RecordMarks marks, boolean principal) {
        try (BatchBody body = BatchBody.open(batch, allocator, BatchLimits.DEFAULT)) {
            HeaderPatch patch = principal ? HeaderPatch.of("checkout", false, null, marks) : HeaderPatch.of(marks);
            ByteBuf changed = patcher.patch(body, patch);
            byte[] bytes = new byte[changed.readableBytes()];
            changed.readBytes(bytes).release();
            MutableRecordBatch only = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes))
                    .batches()
                    .iterator()
                    .next();
            only.ensureValid();
            return only;
        }
    }

    private static List<Record> records(Iterable<Record> batch) {
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        return records;
    }

    private static SimpleRecord record(long timestamp, String value, String... headers) {
        return new SimpleRecord(
                timestamp,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                Arrays.stream(headers)
                        .map(name -> new RecordHeader(name, new byte[] {1}))
                        .toArray(Header[]::new));
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatStaysIsNumberedAnewAndIsTheSameOtherwise(CompressionType type) {
        for (int seed = 0; seed < 20; seed++) {
            ByteBuffer batch = new RandomBatches(seed).batch(type);
            MutableRecordBatch before =
                    MemoryRecords.readableRecords(batch).batches().iterator().next();
            List<Record> expected = new ArrayList<>();
            RecordMarks marks = new RecordMarks();
            Random random = new Random(seed);
            int index = 0;
            for (Record record : records(before)) {
                if (random.nextBoolean()) {
                    marks.takeOut(index);
                } else {
                    expected.add(record);
                }
                index++;
            }
            if (expected.isEmpty() || marks.takenOut() == 0) {
                continue;
            }
            MutableRecordBatch after = patched(batch, marks, false);

            assertThat(after.countOrNull()).isEqualTo(expected.size());
            assertThat(after.lastOffset()).isEqualTo(after.baseOffset() + expected.size() - 1);
            assertThat(after.producerId()).isEqualTo(before.producerId());
            assertThat(after.maxTimestamp())
                    .isEqualTo(
                            expected.stream().mapToLong(Record::timestamp).max().getAsLong());
            List<Record> found = records(after);
            for (int i = 0; i < found.size(); i++) {
                assertThat(found.get(i).offset()).isEqualTo(after.baseOffset() + i);
                assertThat(found.get(i).key()).isEqualTo(expected.get(i).key());
                assertThat(found.get(i).value()).isEqualTo(expected.get(i).value());
                assertThat(found.get(i).timestamp()).isEqualTo(expected.get(i).timestamp());
                assertThat(found.get(i).headers()).isEqualTo(expected.get(i).headers());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aTagIsAddedToItsRecordAndTakenFromOthers(CompressionType type) {
        ByteBuffer batch = RandomBatches.of(
                type,
                record(1, "good", "a", "Weir-Schema-Violation", "weir-other"),
                record(2, "bad", "weir-schema-violation", "b"));
        RecordMarks marks = new RecordMarks();
        marks.tag(1, "payload", "at id: too long");

        List<Record> tagged = records(patched(batch, marks, false));
        assertThat(tagged.get(0).headers()).extracting(Header::key).containsExactly("a", "weir-other");
        assertThat(tagged.get(1).headers()).extracting(Header::key).containsExactly("b", "weir-schema-violation");
        assertThat(new String(tagged.get(1).headers()[1].value(), StandardCharsets.UTF_8))
                .isEqualTo("payload; at id: too long");

        List<Record> named = records(patched(batch, marks, true));
        assertThat(named.get(0).headers()).extracting(Header::key).containsExactly("a", "weir-principal");
        assertThat(named.get(1).headers())
                .extracting(Header::key)
                .containsExactly("b", "weir-principal", "weir-schema-violation");
    }

    @Test
    void memoryIsBoundedHoweverManyAreTagged() {
        RecordMarks marks = new RecordMarks();
        String text = "x".repeat(300);
        for (int i = 0; i < 20_000; i++) {
            marks.tag(i, "payload", text);
        }
        assertThat(new String(marks.header(0), StandardCharsets.UTF_8)).endsWith("payload; " + text);
        assertThat(new String(marks.header(19_998), StandardCharsets.UTF_8)).endsWith("payload");
        assertThat(marks.header(19_999)).isSameAs(marks.header(19_998));
    }
}
