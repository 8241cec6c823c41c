package dev.weir.proxy.mirror;

import dev.weir.canary.Slices;
import dev.weir.policy.decide.Mirroring;
import dev.weir.policy.decide.Mirroring.Selection;
import dev.weir.proxy.batch.BatchBody;
import dev.weir.proxy.batch.BatchLimits;
import dev.weir.proxy.batch.BatchPatcher;
import dev.weir.proxy.batch.HeaderPatch;
import dev.weir.proxy.batch.RecordMarks;
import dev.weir.proxy.batch.RecordReader;
import dev.weir.proxy.mirror.MirrorBatch.Place;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Picks out of batches the records that a mirror is about. One thread at a time. */
final class RecordSelection {
    private final Selection selection;
    private final Slices slices;
    private final ByteBufAllocator allocator;
    private final RecordReader reader = new RecordReader();

    /**
     * What is left of a batch.
     *
     * @param records how many
     * @param batch the caller's; {@code null} where all are left, or none
     */
    record Selected(int records, @Nullable ByteBuf batch) {}

    private RecordSelection(Mirroring mirroring, ByteBufAllocator allocator) {
        this.selection = mirroring.selection();
        this.slices = new Slices(mirroring.name());
        this.allocator = allocator;
    }

    /** {@code null} where all records go. */
    static @Nullable RecordSelection of(Mirroring mirroring, ByteBufAllocator allocator) {
        return mirroring.selection() instanceof Selection.All ? null : new RecordSelection(mirroring, allocator);
    }

    /**
     * Selects.
     *
     * @param batch as it was produced; its bytes stay as they are
     * @throws dev.weir.proxy.batch.InvalidBatchException when it cannot be read, or is too large
     */
    Selected of(ByteBuffer batch, Place source) {
        RecordMarks marks = new RecordMarks();
        try (BatchBody body = BatchBody.open(batch, allocator, BatchLimits.DEFAULT)) {
            reader.read(body, (index, record) -> {
                if (!takes(record, source)) {
                    marks.takeOut(index);
                }
            });
            int left = body.count() - marks.takenOut();
            boolean changes = left > 0 && marks.takenOut() > 0;
            return new Selected(
                    left,
                    changes
                            ? new BatchPatcher(allocator, BatchLimits.DEFAULT).patch(body, HeaderPatch.of(marks))
                            : null);
        }
    }

    private boolean takes(RecordReader record, Place source) {
        if (selection instanceof Selection.Share share) {
            return bucket(record, source) < share.basisPoints();
        }
        if (selection instanceof Selection.Header header) {
            byte[] value = record.lastHeader(header.name());
            return value != null && header.values().contains(new String(value, StandardCharsets.UTF_8));
        }
        return true;
    }

    private int bucket(RecordReader record, Place source) {
        if (record.keyBytes() >= 0) {
            return slices.bucket(record.bytes(), record.keyOffset(), record.keyBytes());
        }
        long offset = source.baseOffset() < 0
                ? ThreadLocalRandom.current().nextLong()
                : source.baseOffset() + record.offsetDelta();
        return slices.bucketOfKeyless(source.partition(), offset);
    }
}
