package dev.weir.proxy.rule;

import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.report.RefusedRead;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * The rules at work on one response with records. Made on the event loop; {@link #run} once, on any thread; all else on the event
 * loop again. It owns the changed records until {@link #release}, and the response's own must live as long.
 */
public final class RuledFetch {
    private final List<FetchRule> rules;
    private final RuleScope scope;
    private final List<Part> parts = new ArrayList<>();
    private final List<ByteBuf> owned = new ArrayList<>();
    private final List<String> problems = new ArrayList<>(0);
    private final List<RefusedRead> refusals = new ArrayList<>(0);
    private double loopShare;
    private boolean changed;

    private record Part(FetchedPartition partition, RecordRead read) {}

    RuledFetch(List<FetchRule> rules, RuleScope scope) {
        this.rules = rules;
        this.scope = scope;
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
        for (Part part : parts) {
            RecordRead read = part.read;
            try {
                apply(part.partition, read);
            } catch (ReadRefusedException e) {
                refuse(part, e.error(), e.getMessage());
                refusals.add(e.refusal());
            } catch (InvalidBatchException e) {
                refuse(part, e.error(), e.getMessage());
            }
        }
    }

    private void refuse(Part part, Errors error, @Nullable String message) {
        part.partition.refuse(error);
        changed = true;
        problems.add(part.read.topic() + "-" + part.read.partition() + ": " + message);
    }

    private void apply(FetchedPartition partition, RecordRead read) {
        MemoryRecords records = partition.records();
        boolean anew = false;
        for (FetchRule rule : rules) {
            if (rule.concerns(read.reader(), read.topic())) {
                ByteBuf result = rule.apply(read, records.buffer(), scope);
                if (result != null) {
                    owned.add(result);
                    records = MemoryRecords.readableRecords(result.nioBuffer());
                    anew = true;
                }
            }
        }
        if (anew) {
            partition.records(records);
            changed = true;
        }
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

    /** Gives the changed records back: the response was encoded, or will never be. */
    public void release() {
        owned.forEach(ByteBuf::release);
        owned.clear();
    }
}
