package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.policy.decide.RuleRef;
import dev.weir.proxy.batch.ByteBudget;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Copies of batches, as a mirror has them: numbered by an idempotent producer. */
final class Copies {
    final MirrorAccount account = new MirrorAccount(new MirrorRoute("m", "main", "orders", "main", "copy"));
    final ByteBudget memory = new ByteBudget(1 << 20);

    static Mirroring mirroring(Selection selection) {
        return new Mirroring(
                new RuleRef("m", "m.yaml", 1, "test"), new Mirroring.Target(null, "copy"), selection, null, false);
    }

    static ByteBuffer batch(CompressionType type, boolean transactional, SimpleRecord... records) {
        Compression compression = Compression.of(type).build();
        return (transactional
                        ? MemoryRecords.withTransactionalRecords(compression, 7L, (short) 1, 5, records)
                        : MemoryRecords.withIdempotentRecords(compression, 7L, (short) 1, 5, records))
                .buffer();
    }

    /** A batch of one record on its way to the mirror. */
    MirrorBatch one(Selection selection) {
        return of(selection, batch(CompressionType.NONE, false, new SimpleRecord("v".getBytes())), 1);
    }

    /** One that was written to a partition. */
    MirrorBatch oneOf(int partition) {
        return of(
                new Selection.All(),
                batch(CompressionType.NONE, false, new SimpleRecord("v".getBytes())),
                1,
                new MirrorBatch.Place(partition, 40));
    }

    MirrorBatch of(Selection selection, ByteBuffer batch, int records) {
        return of(selection, batch, records, new MirrorBatch.Place(3, 40));
    }

    private MirrorBatch of(Selection selection, ByteBuffer batch, int records, MirrorBatch.Place source) {
        memory.reserve(100);
        return new MirrorBatch(
                new MirrorLane(mirroring(selection), account, null, "orders", () -> 6),
                source,
                new Amount(records, batch.remaining()),
                Unpooled.copiedBuffer(batch),
                memory,
                100);
    }

    static MutableRecordBatch read(ByteBuffer field) {
        MutableRecordBatch batch =
                MemoryRecords.readableRecords(field).batches().iterator().next();
        batch.ensureValid();
        return batch;
    }

    static List<Record> records(MutableRecordBatch batch) {
        return StreamSupport.stream(batch.spliterator(), false).toList();
    }
}
