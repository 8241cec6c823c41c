package dev.weir.proxy.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.proxy.batch.RecordFilter.Choice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka's own classes write what is fetched, and read what is left of it. */
class RecordFilterTest {
    private static final int BATCHES = 6;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final RecordFilter filter = new RecordFilter(allocator, BatchLimits.DEFAULT);

    @AfterEach
    void nothingIsLeftUnreleased() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void recordsGoAndAllElseStays(CompressionType type) {
        for (int seed = 0; seed < 8; seed++) {
            ByteBuffer field = field(type, seed);
            byte[] before = Utils.toArray(field);
            List<MutableRecordBatch> originals = batches(field);
            int kept = seed % 4; // none, and up to three of four

            List<MutableRecordBatch> left = batches(filtered(field, offset -> keepIf(offset % 4 < kept)));

            assertThat(Utils.toArray(field)).as("what came is not touched").isEqualTo(before);
            assertThat(left).hasSameSizeAs(originals);
            for (int i = 0; i < left.size(); i++) {
                sameBut(left.get(i), originals.get(i), kept);
            }
        }
    }

    private static void sameBut(MutableRecordBatch left, MutableRecordBatch original, int kept) {
        left.ensureValid();
        assertThat(left.baseOffset()).isEqualTo(original.baseOffset());
        assertThat(left.lastOffset()).isEqualTo(original.lastOffset());
        assertThat(left.producerId()).isEqualTo(original.producerId());
        assertThat(left.producerEpoch()).isEqualTo(original.producerEpoch());
        assertThat(left.baseSequence()).isEqualTo(original.baseSequence());
        assertThat(left.lastSequence()).isEqualTo(original.lastSequence());
        assertThat(left.isTransactional()).isEqualTo(original.isTransactional());
        assertThat(left.isControlBatch()).isEqualTo(original.isControlBatch());
        assertThat(left.maxTimestamp()).isEqualTo(original.maxTimestamp());
        assertThat(left.partitionLeaderEpoch()).isEqualTo(original.partitionLeaderEpoch());
        List<Record> expected = records(original);
        if (!original.isControlBatch()) {
            expected.removeIf(record -> record.offset() % 4 >= kept);
        }
        assertThat(left.compressionType())
                .isEqualTo(expected.isEmpty() ? CompressionType.NONE : original.compressionType());
        List<Record> found = records(left);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i).offset()).isEqualTo(expected.get(i).offset());
            assertThat(found.get(i).key()).isEqualTo(expected.get(i).key());
            assertThat(found.get(i).value()).isEqualTo(expected.get(i).value());
            assertThat(found.get(i).timestamp()).isEqualTo(expected.get(i).timestamp());
            assertThat(found.get(i).headers()).isEqualTo(expected.get(i).headers());
        }
    }

    @Test
    void whatStaysWholeIsNotCopied() {
        assertThat(filter.filter(field(CompressionType.LZ4, 1), (offset, record) -> Choice.KEEP, false))
                .isNull();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aRecordThatHasToWaitHoldsBackItsBatchAndAllAfterIt(CompressionType type) {
        ByteBuffer field = field(type, 3);
        List<MutableRecordBatch> originals = batches(field);
        long wait = originals.get(2).lastOffset();

        List<MutableRecordBatch> left =
                batches(filtered(field, offset -> offset == wait ? Choice.STOP : keepIf(offset % 2 == 0)));

        assertThat(left).hasSize(2);
        assertThat(left.get(1).nextOffset()).isEqualTo(originals.get(2).baseOffset());
        assertThat(filtered(field, offset -> Choice.STOP).remaining()).isZero();
    }

    /** There are clients that go on by the last record they see; a batch without any would hold them for ever. */
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void theLastBatchHoldsAMarkerWhenNothingElseStays(CompressionType type) {
        ByteBuffer field = field(type, 3);
        List<MutableRecordBatch> originals = batches(field);
        long wait = originals.get(2).baseOffset();

        for (boolean waits : new boolean[] {false, true}) {
            List<MutableRecordBatch> left =
                    batches(filtered(field, offset -> waits && offset >= wait ? Choice.STOP : Choice.DROP, true));

            assertThat(left).hasSize(waits ? 2 : originals.size());
            for (int i = 0; i < left.size(); i++) {
                MutableRecordBatch original = originals.get(i);
                left.get(i).ensureValid();
                assertThat(left.get(i).lastOffset()).isEqualTo(original.lastOffset());
                assertThat(left.get(i).producerId()).isEqualTo(original.producerId());
                boolean last = i == left.size() - 1;
                assertThat(left.get(i).isControlBatch()).isEqualTo(original.isControlBatch() || last);
                if (last && !original.isControlBatch()) {
                    Record marker = records(left.get(i)).get(0);
                    assertThat(marker.offset()).isEqualTo(original.lastOffset());
                    assertThat(ControlRecordType.parse(marker.key())).isEqualTo(ControlRecordType.COMMIT);
                }
            }
        }
    }

    @Test
    void batchesThatNobodyHasToLookIntoGoOrStayUnread() {
        ByteBuffer field = field(CompressionType.ZSTD, 3);
        List<MutableRecordBatch> originals = batches(field);
        RecordFilter.Selection selection =
                wholeBatches(first -> keepIf(first != originals.get(0).baseOffset()));

        ByteBuf result = filter.filter(field, selection, false);

        List<MutableRecordBatch> left = batches(ByteBuffer.wrap(Utils.toArray(result.nioBuffer())));
        result.release();
        assertThat(left).hasSameSizeAs(originals);
        assertThat(left.get(0).countOrNull()).isZero();
        assertThat(left.get(0).lastOffset()).isEqualTo(originals.get(0).lastOffset());
        assertThat(left.subList(1, left.size())).isEqualTo(originals.subList(1, originals.size()));
    }

    /** Records that nobody could decompress are not noticed. */
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void whatIsDecidedForAWholeBatchIsNeitherDecompressedNorCopied(CompressionType type) {
        ByteBuffer field = field(type, 3);
        List<MutableRecordBatch> originals = batches(field);
        int at = 0;
        for (MutableRecordBatch batch : originals) {
            for (int i = at + BatchBody.HEADER_BYTES; i < at + batch.sizeInBytes() && !batch.isControlBatch(); i++) {
                field.put(i, (byte) 0xFF);
            }
            at += batch.sizeInBytes();
        }
        List<Choice> choices = List.of(Choice.DROP, Choice.STOP /* of a marker nobody is asked */, Choice.KEEP);

        ByteBuf result = filter.filter(
                field,
                wholeBatches(first -> {
                    int batch = IntStream.range(0, originals.size())
                            .filter(i -> originals.get(i).baseOffset() == first)
                            .findFirst()
                            .orElseThrow();
                    return batch < choices.size() ? choices.get(batch) : Choice.STOP;
                }),
                true);

        List<MutableRecordBatch> left = batches(ByteBuffer.wrap(Utils.toArray(result.nioBuffer())));
        result.release();
        assertThat(left).hasSize(choices.size());
        assertThat(left.get(0).countOrNull()).isZero();
        assertThat(left.get(0).lastOffset()).isEqualTo(originals.get(0).lastOffset());
        left.get(0).ensureValid();
        assertThat(left.subList(1, left.size())).isEqualTo(originals.subList(1, choices.size()));
        assertThat(filter.filter(field, wholeBatches(first -> Choice.KEEP), true))
                .as("all of it goes on byte for byte")
                .isNull();
    }

    private static RecordFilter.Selection wholeBatches(LongFunction<Choice> choice) {
        return new RecordFilter.Selection() {
            @Override
            public Choice choose(long offset, RecordReader record) {
                throw new AssertionError("looked into");
            }

            @Override
            public Choice chooseAll(long firstOffset, long lastOffset) {
                return choice.apply(firstOffset);
            }
        };
    }

    /** Compaction leaves them; from the network they come in memory that is not on the heap. */
    @Test
    void aBatchOfNoRecordsGoesOnAsItIs() {
        ByteBuffer emptied = filtered(field(CompressionType.NONE, 5), offset -> Choice.DROP);
        ByteBuffer field =
                ByteBuffer.allocateDirect(emptied.limit()).put(emptied).flip();

        assertThat(filter.filter(field, (offset, record) -> Choice.KEEP, false)).isNull();
    }

    @Test
    void aBatchThatIsOnlyBegunGoesOnAsItIs() {
        ByteBuffer whole = field(CompressionType.NONE, 5);
        ByteBuffer cut = whole.slice(0, whole.limit() - 3);

        ByteBuffer left = filtered(cut, offset -> Choice.DROP);

        assertThat(batches(left)).hasSize(batches(cut).size());
        MutableRecordBatch last = batches(whole).get(batches(whole).size() - 1);
        int begun = last.sizeInBytes() - 3;
        assertThat(left.slice(left.limit() - begun, begun)).isEqualTo(cut.slice(cut.limit() - begun, begun));
    }

    @Test
    void oldFormatsAreRefusedSinceTheyCannotBeTakenApart() {
        ByteBuffer old = MemoryRecords.withRecords(
                        RecordBatch.MAGIC_VALUE_V1, Compression.NONE, new SimpleRecord("value".getBytes()))
                .buffer();

        assertThatThrownBy(() -> filter.filter(old, (offset, record) -> Choice.KEEP, false))
                .isInstanceOfSatisfying(
                        InvalidBatchException.class,
                        e -> assertThat(e.error()).isEqualTo(Errors.UNSUPPORTED_FOR_MESSAGE_FORMAT));
    }

    @Test
    void aBrokenBatchIsRefused() {
        ByteBuffer field = field(CompressionType.ZSTD, 7);
        field.put(BatchBody.HEADER_BYTES + 2, (byte) ~field.get(BatchBody.HEADER_BYTES + 2));

        assertThatThrownBy(() -> filter.filter(field, (offset, record) -> Choice.DROP, false))
                .isInstanceOf(InvalidBatchException.class);
    }

    private ByteBuffer filtered(ByteBuffer field, LongFunction<Choice> choice) {
        return filtered(field, choice, false);
    }

    private ByteBuffer filtered(ByteBuffer field, LongFunction<Choice> choice, boolean markers) {
        ByteBuf left = filter.filter(field, (offset, record) -> choice.apply(offset), markers);
        if (left == null) {
            return field;
        }
        try {
            return ByteBuffer.wrap(Utils.toArray(left.nioBuffer()));
        } finally {
            left.release();
        }
    }

    private static Choice keepIf(boolean kept) {
        return kept ? Choice.KEEP : Choice.DROP;
    }

    /** Batches with offsets that go on from one to the next, a marker of a transaction among them. */
    private static ByteBuffer field(CompressionType type, long seed) {
        RandomBatches random = new RandomBatches(seed);
        List<ByteBuffer> parts = new ArrayList<>();
        long offset = 1_000;
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = i == 1
                    ? MemoryRecords.withEndTransactionMarker(
                                    1, 0L, 0, 9L, (short) 0, new EndTransactionMarker(ControlRecordType.COMMIT, 0))
                            .buffer()
                    : random.batch(type);
            MutableRecordBatch placed = batches(batch).get(0);
            placed.setLastOffset(offset + placed.lastOffset() - placed.baseOffset());
            offset = placed.lastOffset() + 1;
            parts.add(batch);
        }
        ByteBuffer field = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(field::put);
        return field.flip();
    }

    private static List<MutableRecordBatch> batches(ByteBuffer field) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        MemoryRecords.readableRecords(field.duplicate()).batches().forEach(batches::add);
        return batches;
    }

    private static List<Record> records(MutableRecordBatch batch) {
        List<Record> records = new ArrayList<>();
        batch.forEach(records::add);
        return records;
    }
}
