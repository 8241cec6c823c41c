package dev.weir.proxy.rule;

import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.report.RefusedRead;
import dev.weir.proxy.report.SharedRecords;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The rules at work on one response with records. Made on the event loop; {@link #run} on any thread, and again when what it
 * {@linkplain #awaited waits for} has come; all else on the event loop again. It owns the changed records until {@link #release}, and the response's own must live as long.
 */
public final class RuledFetch {
    private final List<FetchRule> rules;
    private final FetchScope scope;
    private final List<Part> parts = new ArrayList<>();
    private final List<ByteBuf> owned = new ArrayList<>();
    private final List<String> problems = new ArrayList<>(0);
    private final List<RefusedRead> refusals = new ArrayList<>(0);
    private double loopShare;
    private boolean changed;
    private boolean others;
    private @Nullable CompletionStage<Void> awaited;

    private record Part(FetchedPartition partition, RecordRead read) {}

    RuledFetch(List<FetchRule> rules, RuleScope scope) {
        this.rules = rules;
        this.scope = new FetchScope(scope);
    }

    /** The response has records, too, that no rule concerns. */
    void bringsOthers() {
        others = true;
    }

    /** @param loopBytesMax what an event loop does itself */
    void add(FetchedPartition partition, RecordRead read, int loopBytesMax) {
        parts.add(new Part(partition, read));
        loopShare += BatchWeight.ofAll(partition.records().buffer()) / Math.max(0.5, loopBytesMax);
    }

    /** Whether it takes longer than an event loop has for one response. */
    public boolean isHeavy() {
        return loopShare > 1;
    }

    /** Lets all rules do their work. */
    public void run() {
        release();
        problems.clear();
        refusals.clear();
        scope.begin();
        CompletionStage<Void> change = scope.canaries().nextChange(); // before it is asked what holds now
        boolean brings = others;
        for (Part part : parts) {
            RecordRead read = part.read;
            try {
                brings |= apply(part.partition, read);
            } catch (ReadRefusedException e) {
                refuse(part, e.error(), e.getMessage());
                refusals.add(e.refusal());
                brings = true;
            } catch (InvalidBatchException e) {
                refuse(part, e.error(), e.getMessage());
                brings = true;
            }
        }
        awaited = scope.isWithheld() && !brings ? change : null;
    }

    private void refuse(Part part, Errors error, @Nullable String message) {
        part.partition.refuse(error);
        changed = true;
        problems.add(part.read.topic() + "-" + part.read.partition() + ": " + message);
    }

    /**
     * What has to happen before the response has any news for its client; {@code null} when it has some. It need not be waited for:
     * the client asks again for what it does not get.
     */
    public @Nullable CompletionStage<Void> awaited() {
        return awaited;
    }

    /** Gives whether anything is left of it. */
    private boolean apply(FetchedPartition partition, RecordRead read) {
        MemoryRecords records = partition.records();
        boolean anew = false;
        for (FetchRule rule : rules) {
            if (records.sizeInBytes() > 0) {
                ByteBuf result = rule.apply(read, records.buffer(), scope);
                if (result != null) {
                    owned.add(result);
                    records = MemoryRecords.readableRecords(result.nioBuffer());
                    anew = true;
                }
            }
        }
        if (anew || changed) {
            partition.records(records);
        }
        changed |= anew;
        return records.sizeInBytes() > 0;
    }

    /** Whether the response is no more what the broker sent. */
    public boolean changed() {
        return changed;
    }

    /** Partitions that are answered with an error, each in words, without contents. */
    public List<String> problems() {
        return problems;
    }

    /** Those of them that policy refuses. */
    public List<RefusedRead> refusals() {
        return refusals;
    }

    /** Of the partitions that a canary shares, in the order of the response: what it left. */
    public List<SharedRecords> shared() {
        return scope.shared();
    }

    /**
     * The response goes down: what it brings is counted.
     *
     * @param nanos since it had come
     */
    public void delivered(long nanos) {
        scope.delivered(nanos);
    }

    /** Gives the changed records back: the response was encoded, or will never be. */
    public void release() {
        owned.forEach(ByteBuf::release);
        owned.clear();
    }
}
