package dev.weir.bench.micro;

import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.PrefixReader;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.schema.framing.Framed;
import dev.weir.schema.framing.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
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
 * Seeing that each of 100 records of 1,000 bytes says a schema: in passing, which an uncompressed batch allows, and by
 * opening the batch, which each batch allows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SchemaIdBenchmark implements PrefixReader.Visitor {
    private static final int RECORDS = 100;
    private static final int RECORD_BYTES = 1_000;
    private static final int ID = 7;
    private static final int ID_AT = 4;

    private final PrefixReader passing = new PrefixReader();
    private final RecordReader reader = new RecordReader();

    /** How the batch is compressed. */
    @Param({"NONE", "LZ4", "SNAPPY", "ZSTD", "GZIP"})
    public CompressionType compression = CompressionType.NONE;

    private ByteBuffer batch = ByteBuffer.allocate(0);
    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;
    private int framed;

    @Setup
    public void write() {
        SimpleRecord[] records = new SimpleRecord[RECORDS];
        Random random = new Random(1);
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = PropagationBenchmark.value(random, RECORD_BYTES);
            value[0] = 0;
            value[1] = 0;
            value[2] = 0;
            value[3] = 0;
            value[ID_AT] = ID;
            records[i] = new SimpleRecord(i, null, value);
        }
        ByteBuffer written = MemoryRecords.withRecords(
                        Compression.of(compression).build(), records)
                .buffer();
        batch = ByteBuffer.allocateDirect(written.remaining()).put(written).flip();
        chunk = PooledByteBufAllocator.DEFAULT.directBuffer(batch.remaining()).writeBytes(batch.duplicate());
    }

    /** Of a compressed batch, that it has to be opened. */
    @Benchmark
    public boolean inPassing() {
        passing.begin(chunk.readableBytes(), 0, Integer.BYTES);
        passing.read(chunk, chunk.readerIndex(), chunk.readableBytes(), this);
        return passing.followed();
    }

    /** Checks, decompresses, and looks at each record. */
    @Benchmark
    public int opened() {
        framed = 0;
        try (BatchBody body = BatchBody.open(batch, PooledByteBufAllocator.DEFAULT, BatchLimits.DEFAULT)) {
            reader.read(body, this::look);
        }
        return framed;
    }

    private void look(int index, RecordReader record) {
        Framed found = Framing.CONFLUENT_PREFIX.read(
                false, record.bytes(), record.valueOffset(), record.valueBytes(), record::lastHeader);
        framed += found instanceof Framed.Payload ? 1 : 0;
    }

    @Override
    public boolean id(boolean key, long id) {
        return id == ID;
    }

    @Override
    public boolean noId(boolean key) {
        return false;
    }

    @Override
    public boolean tombstone() {
        return false;
    }
}
