package dev.weir.proxy.mirror;

import dev.weir.mesh.log.FailureWords;
import dev.weir.policy.decide.Mirroring;
import dev.weir.proxy.batch.BatchJoin;
import dev.weir.proxy.batch.ByteBudget;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.batch.ProducedBatch;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The copy of one batch that a broker has taken, until it is mirrored or given up. It owns its bytes, and the memory that is set aside
 * for them. One thread at a time.
 */
final class MirrorBatch {
    /** A larger one gains nothing by being put together with others. */
    private static final int JOINED_BYTES_MAX = 32 << 10;

    private final MirrorLane lane;
    private final Place source;
    private final ByteBudget memory;
    private final long reservedBytes;
    private final long acknowledgedNanos;
    private ByteBuf records;
    private Amount amount;
    private boolean begun;
    private boolean joins;
    private int attempts;

    /**
     * Where in its topic it was written.
     *
     * @param baseOffset -1 where it is not known
     */
    record Place(int partition, long baseOffset) {}

    /** @param records taken over, and so is what is reserved of the memory */
    MirrorBatch(MirrorLane lane, Place source, Amount amount, ByteBuf records, ByteBudget memory, long reservedBytes) {
        this.lane = lane;
        this.source = source;
        this.amount = amount;
        this.records = records;
        this.memory = memory;
        this.reservedBytes = reservedBytes;
        this.acknowledgedNanos = System.nanoTime();
        if (lane.mirroring().selection() instanceof Mirroring.Selection.All) {
            begin();
        }
    }

    private void begin() {
        lane.account().begun(amount);
        begun = true;
    }

    MirrorLane lane() {
        return lane;
    }

    Place source() {
        return source;
    }

    int sizeBytes() {
        return records.readableBytes();
    }

    /** A view; the batch has to outlive it. */
    ByteBuffer records() {
        return records.nioBuffer();
    }

    /** Whether it may be sent as one with others of its partition. */
    boolean joins() {
        return joins;
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
            ByteBuffer batch = records.nioBuffer();
            ProducedBatch.makeNobodys(batch);
            joins = batch.limit() <= JOINED_BYTES_MAX && BatchJoin.takes(batch);
            return true;
        } catch (InvalidBatchException e) {
            failed("records of " + lane.topic() + " cannot be selected: " + e.getMessage());
            return false;
        } catch (RuntimeException | OutOfMemoryError e) {
            failed("records of " + lane.topic() + " cannot be made ready: " + FailureWords.ofItself(e));
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
        lane.account().mirrored(amount, ageMillis());
        release();
    }

    void failed(String words) {
        lane.account().failed(amount, begun, words);
        release();
    }

    /** It failed, and so would others of its lane. */
    void refused(Refusal refusal) {
        lane.refuse(refusal);
        failed(refusal.words());
    }

    void dropped(String words) {
        lane.account().dropped(amount, begun, words);
        release();
    }

    private void release() {
        records.release();
        memory.release(reservedBytes);
    }
}
