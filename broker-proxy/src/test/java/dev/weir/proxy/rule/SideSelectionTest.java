package dev.weir.proxy.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.Epoch;
import dev.weir.canary.EpochTable;
import dev.weir.canary.Handover;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.batch.RecordFilter.Choice;
import dev.weir.proxy.report.SharedRecords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of a canary that owns whole partitions. */
class SideSelectionTest {
    private static final long FENCE = 100;
    private static final PartitionRef MOVES = new PartitionRef("orders", 0);
    private static final PartitionRef STAYS = new PartitionRef("orders", 1);

    private static SideSelection selection(PartitionRef partition, Side side, Handover handover) {
        EpochTable table =
                EpochTable.EMPTY.with(new Epoch(1, Weight.parse("10%"), handover, Map.of(MOVES, FENCE, STAYS, FENCE)));
        return new SideSelection(
                side,
                table.of(partition),
                new WholePartitions(),
                partition.partition(),
                new SharedRecords("orders", 0));
    }

    @Test
    void batchesGoOrStayAsAWhole() {
        SideSelection canary = selection(MOVES, Side.CANARY, Handover.UNORDERED);
        assertThat(canary.chooseAll(90, 99)).isEqualTo(Choice.DROP);
        assertThat(canary.chooseAll(100, 109)).isEqualTo(Choice.KEEP);
        SideSelection stable = selection(MOVES, Side.STABLE, Handover.ORDERED);
        assertThat(stable.chooseAll(90, 99)).isEqualTo(Choice.KEEP);
        assertThat(stable.chooseAll(100, 109)).isEqualTo(Choice.DROP);
        assertThat(selection(STAYS, Side.STABLE, Handover.ORDERED).chooseAll(100, 109))
                .isEqualTo(Choice.KEEP);
        assertThat(selection(STAYS, Side.CANARY, Handover.ORDERED).chooseAll(100, 109))
                .isEqualTo(Choice.DROP);
    }

    @Test
    void aPartitionThatMovesWaitsForTheSideBefore() {
        SideSelection canary = selection(MOVES, Side.CANARY, Handover.ORDERED);

        assertThat(canary.chooseAll(90, 99)).isEqualTo(Choice.DROP);
        assertThat(canary.isWaiting()).isFalse();
        assertThat(canary.chooseAll(100, 109)).isEqualTo(Choice.STOP);
        assertThat(canary.isWaiting()).isTrue();
    }

    /** Fences are where a log ended, so no batch lies across one; if it did, its records would be told apart. */
    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void aBatchAcrossAFenceIsTakenApart(CompressionType type) {
        ByteBuffer field = MemoryRecords.withRecords(
                        95,
                        Compression.of(type).build(),
                        IntStream.range(0, 10)
                                .mapToObj(i -> new SimpleRecord(i, null, new byte[] {(byte) i}))
                                .toArray(SimpleRecord[]::new))
                .buffer();

        assertThat(offsets(field, Side.STABLE)).containsExactly(95L, 96L, 97L, 98L, 99L);
        assertThat(offsets(field, Side.CANARY)).containsExactly(100L, 101L, 102L, 103L, 104L);
        SideSelection waiting = selection(MOVES, Side.CANARY, Handover.ORDERED);
        ByteBuf left = filter().filter(field, waiting, true);
        assertThat(left.readableBytes()).isZero();
        left.release();
        assertThat(waiting.isWaiting()).isTrue();
    }

    @Test
    void whatBatchesDoNotSayIsNoted() {
        SharedRecords left = new SharedRecords("orders", 0);
        SideSelection selection = new SideSelection(
                Side.STABLE,
                EpochTable.EMPTY
                        .with(new Epoch(1, Weight.parse("10%"), Handover.UNORDERED, Map.of(MOVES, FENCE)))
                        .of(MOVES),
                new WholePartitions(),
                0,
                left);
        ByteBuffer field = ByteBuffer.allocate(4_096);
        Stream.of(batch(85, 10), batch(95, 10), batch(105, 10)).forEach(field::put);

        filter().filter(field.flip(), selection, true).release();

        assertThat(left.isChanged(94)).as("all of it goes on").isFalse();
        assertThat(left.isChanged(104)).isTrue();
        assertThat(left.leftEnd()).isEqualTo(FENCE);
        assertThat(left.records()).isEqualTo(10);
        assertThat(left.isChanged(114)).isTrue();
        assertThat(left.leftEnd()).as("nothing of it does").isEqualTo(-1);
        assertThat(left.records()).isEqualTo(10);
    }

    private static ByteBuffer batch(long first, int records) {
        return MemoryRecords.withRecords(
                        first,
                        Compression.NONE,
                        IntStream.range(0, records)
                                .mapToObj(i -> new SimpleRecord(i, null, new byte[] {(byte) i}))
                                .toArray(SimpleRecord[]::new))
                .buffer();
    }

    private static List<Long> offsets(ByteBuffer field, Side side) {
        ByteBuf left = filter().filter(field, selection(MOVES, side, Handover.UNORDERED), true);
        List<Long> offsets = new ArrayList<>();
        MemoryRecords.readableRecords(ByteBuffer.wrap(Utils.toArray(left.nioBuffer())))
                .records()
                .forEach(record -> offsets.add(record.offset()));
        left.release();
        return offsets;
    }

    private static RecordFilter filter() {
        return new RecordFilter(new UnpooledByteBufAllocator(false), BatchLimits.DEFAULT);
    }
}
