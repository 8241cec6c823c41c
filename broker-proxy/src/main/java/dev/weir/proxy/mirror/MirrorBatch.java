package dev.weir.proxy.mirror;

import dev.weir.policy.decide.Mirroring;
import dev.weir.proxy.batch.ByteBudget;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.ProducedBatch;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The copy of one batch that a broker has taken, until it is mirrored or given up. It owns its bytes, and the memory that is set aside
 * for them. One thread at a time.
 */
final class MirrorBatch {
    private final Mirroring mirroring;
    private final MirrorAccount account;
    private final Place source;
    private final ByteBudget memory;
    private final long reservedBytes;
    private final long acknowledgedNanos;
    private ByteBuf records;
    private Amount amount;
    private boolean begun;
    private int attempts;

    /**
     * Where it was written.
     *
     * @param partitions how many the topic has; 0 while that is not known
     * @param baseOffset -1 where it is not known
     */
    record Place(String topic, int partition, IntSupplier partitions, long baseOffset) {}

    /** @param records taken over, and so is what is reserved of the memory */
    MirrorBatch(
            Mirroring mirroring,
            MirrorAccount account,
            Place source,
            Amount amount,
            ByteBuf records,
            ByteBudget memory,
            long reservedBytes) {
        this.mirroring = mirroring;
        this.account = account;
        this.source = source;
        this.amount = amount;
        this.records = records;
        this.memory = memory;
        this.reservedBytes = reservedBytes;
        this.acknowledgedNanos = System.nanoTime();
        if (mirroring.selection() instanceof Mirroring.Selection.All) {
            begin();
        }
    }

    private void begin() {
        account.begun(amount);
        begun = true;
    }

    Mirroring mirroring() {
        return mirroring;
    }

    Place source() {
        return source;
    }

    /** The topic that it goes to. */
    String topic() {
        return mirroring.target().topicOf(source.topic());
    }

    int sizeBytes() {
        return records.readableBytes();
    }

    /** A view; the batch has to outlive it. */
    ByteBuffer records() {
        return records.nioBuffer();
    }

    /** For how long it has been waiting. */
    long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - acknowledgedNanos);
    }

    /** It is tried once more; how often that makes. */
    int tryAgain() {
        return ++attempts;
    }

    /**
     * Makes of it what is sent: the records that the mirror selects, of nobody's. On a worker.
     *
     * @return {@code false} when there is nothing to send; it has ended
     */
    boolean prepare(@Nullable RecordSelection selection) {
        try {
            if (selection != null && !select(selection)) {
                release();
                return false;
            }
            ProducedBatch.makeNobodys(records.nioBuffer());
            return true;
        } catch (InvalidBatchException e) {
            failed("records of " + source.topic() + " cannot be selected: " + e.getMessage());
            return false;
        } catch (RuntimeException | OutOfMemoryError e) {
            failed("records of " + source.topic() + " cannot be made ready: " + e);
            return false;
        }
    }

    private boolean select(RecordSelection selection) {
        RecordSelection.Selected selected = selection.of(records.nioBuffer(), source);
        if (selected.records() == 0) {
            return false;
        }
        ByteBuf shorter = selected.batch();
        if (shorter != null) {
            records.release();
            records = shorter;
        }
        amount = new Amount(selected.records(), records.readableBytes());
        begin();
        return true;
    }

    void mirrored() {
        account.mirrored(amount, ageMillis());
        release();
    }

    void failed(String words) {
        account.failed(amount, begun, words);
        release();
    }

    void dropped(String words) {
        account.dropped(amount, begun, words);
        release();
    }

    private void release() {
        records.release();
        memory.release(reservedBytes);
    }
}
