package dev.weir.proxy.rule;

import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.deadletter.DeadLetterStore;
import dev.weir.proxy.deadletter.DeadLetters;
import dev.weir.proxy.deadletter.Keeping;
import dev.weir.proxy.report.CheckedRecords;
import dev.weir.proxy.report.ConnectionReports;
import dev.weir.proxy.report.TakenOut;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The records of one partition of a request: first the rules look at them, then what they put aside is kept, and then it is
 * known what becomes of the partition. One thread at a time.
 */
final class RuledPart {
    private final TopicProduceData topic;
    private final PartitionProduceData partition;
    private final MemoryRecords records;
    private final RecordWrite write;
    private boolean done;
    private @Nullable Quarantined aside;
    private @Nullable InvalidBatchException refusal;
    private @Nullable TakenOut takenOut;
    private @Nullable CheckedRecords checked;
    private @Nullable DeadLetters letters;
    private Keeping.@Nullable Kept kept;

    RuledPart(TopicProduceData topic, PartitionProduceData partition, MemoryRecords records, RecordWrite write) {
        this.topic = topic;
        this.partition = partition;
        this.records = records;
        this.write = write;
    }

    TopicProduceData topic() {
        return topic;
    }

    PartitionProduceData partition() {
        return partition;
    }

    /**
     * Lets all rules do their work, unless they have; records that they changed are in buffers of the caller's.
     *
     * @param wait told when a rule has to wait before it can say anything
     */
    void run(List<RequestRule> rules, RuleScope scope, List<ByteBuf> owned, RuleWait wait) {
        if (done) {
            return;
        }
        RuledBatch batch = new RuledBatch(write, records.buffer(), scope, wait.hasTime());
        try (batch) {
            for (int i = 0; i < rules.size() && batch.awaited() == null; i++) {
                rules.get(i).apply(batch);
            }
            CompletableFuture<Void> awaited = batch.awaited();
            if (awaited != null) {
                wait.add(awaited, batch.timeoutMillis());
                return;
            }
            done = true;
            batch.finish();
            ByteBuf changed = batch.takePatched();
            if (changed != null) {
                owned.add(changed);
                partition.setRecords(MemoryRecords.readableRecords(changed.nioBuffer()));
            }
            int out = batch.marks().takenOut();
            if (out > 0) {
                int left = batch.body().count() - out;
                int bytesLeft = changed == null ? 0 : changed.readableBytes();
                takenOut = new TakenOut(write.topic(), write.topicId(), write.partition(), left, bytesLeft);
            }
            aside = batch.takeQuarantined();
        } catch (InvalidBatchException e) {
            done = true;
            refusal = e;
        }
        checked = batch.checked();
    }

    /** Its records as they were held against a schema, or {@code null} where they were not. */
    @Nullable
    CheckedRecords checked() {
        return checked;
    }

    /** Has kept what was put aside; {@code null} when nothing was. */
    @Nullable
    CompletableFuture<Void> keep(RuleScope scope) {
        Quarantined quarantined = aside;
        if (quarantined == null) {
            return null;
        }
        aside = null;
        return scope.deadLetters()
                .keep(quarantined.letters())
                .thenAccept(keeping -> {
                    scope.metrics()
                            .schemas()
                            .deadLetters(
                                    quarantined.letters().topic(),
                                    keeping instanceof Keeping.Kept,
                                    quarantined.letters().records().size());
                    if (keeping instanceof Keeping.Kept done) {
                        letters = quarantined.letters();
                        kept = done;
                    }
                    refusal = quarantined.verdict().refusal(keeping);
                })
                .toCompletableFuture();
    }

    /** Nobody waits for it any more. */
    void release(DeadLetterStore store) {
        if (aside != null) {
            store.release(aside.letters());
            aside = null;
        }
    }

    /** Tells of records that are in a dead-letter topic now. */
    void report(ConnectionReports reports) {
        if (letters != null && kept != null) {
            reports.kept(letters, kept.places());
        }
    }

    /** Why all of it is refused, or {@code null}. */
    @Nullable
    InvalidBatchException refusal() {
        return refusal;
    }

    /** What does not go on of it because it was kept elsewhere, or {@code null} for nothing. */
    @Nullable
    TakenOut takenOut() {
        return refusal == null ? takenOut : null;
    }
}
