package dev.weir.bench.micro;

import dev.weir.mesh.origin.OriginSigner;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordSigner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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
 * Giving the records of a batch a header, by compression: 100 records of 1,000 bytes of JSON-like text. Beside it what copying
 * the same bytes once and reading them once for a checksum takes: below that, no change of an uncompressed batch can go.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PropagationBenchmark {
    private static final int RECORDS = 100;
    private static final int RECORD_BYTES = 1_000;

    private final BatchPatcher patcher = new BatchPatcher(PooledByteBufAllocator.DEFAULT, BatchLimits.DEFAULT);
    private final HeaderPatch patch = new HeaderPatch("checkout", false);
    private final HeaderPatch signing = new HeaderPatch("checkout", false, signer());
    private final CRC32C crc = new CRC32C();

    /** How the batch is compressed. */
    @Param({"NONE", "LZ4", "SNAPPY", "ZSTD", "GZIP"})
    public CompressionType compression = CompressionType.NONE;

    private ByteBuffer batch = ByteBuffer.allocate(0);

    @Setup
    public void write() {
        SimpleRecord[] records = new SimpleRecord[RECORDS];
        Random random = new Random(1);
        for (int i = 0; i < RECORDS; i++) {
            records[i] = new SimpleRecord(i, null, value(random, RECORD_BYTES));
        }
        ByteBuffer written = MemoryRecords.withRecords(
                        Compression.of(compression).build(), records)
                .buffer();
        batch = ByteBuffer.allocateDirect(written.remaining()).put(written).flip();
    }

    private static RecordSigner signer() {
        try {
            OriginSigner signer = new OriginSigner(
                    KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
            return new RecordSigner(signer, "cluster", new UUID(1, 2), 0, "checkout");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
    }

    /** Text as JSON with numbers is. */
    static byte[] value(Random random, int bytes) {
        StringBuilder text = new StringBuilder("{");
        while (text.length() < bytes) {
            text.append("\"field")
                    .append(random.nextInt(20))
                    .append("\":")
                    .append(random.nextInt())
                    .append(',');
        }
        return text.substring(0, bytes).getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads, checks, copies and seals; for a compressed batch also decompresses and compresses it. */
    @Benchmark
    public int patch() {
        ByteBuf patched = patcher.patch(batch, patch);
        int bytes = patched.readableBytes();
        patched.release();
        return bytes;
    }

    /** The same, with a signature for each record. */
    @Benchmark
    public int patchAndSign() {
        ByteBuf patched = patcher.patch(batch, signing);
        int bytes = patched.readableBytes();
        patched.release();
        return bytes;
    }

    /** What dry-run does: reads and checks. */
    @Benchmark
    public int inspect() {
        patcher.inspect(batch, patch);
        return patcher.headersRemoved();
    }

    /** One copy, and one checksum. */
    @Benchmark
    public long copyAndChecksum() {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.buffer(batch.remaining());
        copy.writeBytes(batch.duplicate());
        crc.reset();
        crc.update(copy.nioBuffer());
        copy.release();
        return crc.getValue();
    }
}
