package dev.weir.bench.micro;

import dev.weir.canary.Buckets;
import dev.weir.canary.Epoch;
import dev.weir.canary.EpochTable;
import dev.weir.canary.Handover;
import dev.weir.canary.Ownership;
import dev.weir.canary.PartitionRef;
import dev.weir.canary.Side;
import dev.weir.canary.Slices;
import dev.weir.canary.Verdict;
import dev.weir.canary.Weight;
import dev.weir.canary.WholePartitions;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.RecordFilter;
import dev.weir.proxy.batch.RecordFilter.Choice;
import dev.weir.proxy.batch.RecordReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Taking out of a fetched batch of 100 records of 1,000 bytes, each of another key, what the other side of a canary owns. A microsecond
 * is a hundredth of a second for each GB of records.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CanaryFilterBenchmark {
    private static final int RECORDS = 100;
    private static final int RECORD_BYTES = 1_000;
    private static final PartitionRef PARTITION = new PartitionRef("orders", 0);

    /** How the batch is compressed. */
    @Param({"NONE", "LZ4", "SNAPPY", "ZSTD", "GZIP"})
    public CompressionType compression = CompressionType.NONE;

    /** The canary's share; where it is 0%, a batch is not opened. */
    @Param({"0%", "10%", "50%"})
    public String weight = "50%";

    /** What is shared: keys, or whole partitions, of which this one is the canary's unless its weight is 0%. */
    @Param({"slice", "partition"})
    public String strategy = "slice";

    private final RecordFilter filter = new RecordFilter(PooledByteBufAllocator.DEFAULT, BatchLimits.DEFAULT);
    private Buckets buckets = new WholePartitions();
    private Ownership ownership = EpochTable.EMPTY.of(PARTITION);
    private ByteBuffer field = ByteBuffer.allocate(0);

    @Setup
    public void write() {
        buckets = strategy.equals("slice") ? new Slices("payments-v2") : new WholePartitions();
        ownership = EpochTable.EMPTY
                .with(new Epoch(1, Weight.parse(weight), Handover.UNORDERED, Map.of(PARTITION, 0L)))
                .of(PARTITION);
        SimpleRecord[] records = new SimpleRecord[RECORDS];
        Random random = new Random(1);
        for (int i = 0; i < RECORDS; i++) {
            byte[] key = ("customer-" + i).getBytes(StandardCharsets.UTF_8);
            records[i] = new SimpleRecord(i, key, PropagationBenchmark.value(random, RECORD_BYTES));
        }
        ByteBuffer written = MemoryRecords.withRecords(
                        Compression.of(compression).build(), records)
                .buffer();
        field = ByteBuffer.allocateDirect(written.remaining()).put(written).flip();
    }

    /** As the stable side gets it. Gives how many bytes are left, or -1 for all. */
    @Benchmark
    public int stable() {
        return filtered(Side.STABLE);
    }

    /** As the canary gets it. */
    @Benchmark
    public int canary() {
        return filtered(Side.CANARY);
    }

    private int filtered(Side side) {
        ByteBuf left = filter.filter(
                field,
                new RecordFilter.Selection() {
                    @Override
                    public Choice choose(long offset, RecordReader record) {
                        return choice(ownership.verdict(side, offset, buckets.bucket(0, offset, record)));
                    }

                    @Override
                    public @Nullable Choice chooseAll(long firstOffset, long lastOffset) {
                        Verdict all = ownership.verdictOfAll(
                                side, firstOffset, lastOffset, buckets.bucketOfAll(PARTITION.partition()));
                        return all == null ? null : choice(all);
                    }
                },
                true);
        if (left == null) {
            return -1;
        }
        int bytes = left.readableBytes();
        left.release();
        return bytes;
    }

    private static Choice choice(Verdict verdict) {
        return verdict == Verdict.MINE ? Choice.KEEP : Choice.DROP;
    }
}
