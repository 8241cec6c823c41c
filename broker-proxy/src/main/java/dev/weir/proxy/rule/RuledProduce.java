package dev.weir.proxy.rule;

import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RefusedPartitions;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.batch.InvalidBatchException;
import dev.weir.proxy.wire.RecordStreams;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * The rules at work on one produce request. Made on the event loop; {@link #run} once, on any thread; all else on the event
 * loop again. It owns the changed records until {@link #release}, and the request's own must live as long.
 */
public final class RuledProduce {
    private static final int ATTRIBUTES_END = 23;
    // how many bytes a compressed one may stand for, which all take their time
    private static final int LIGHT_RATIO = 64; // lz4 and snappy
    private static final int HEAVY_RATIO = 2_048; // gzip and zstd

    private final ProduceRequestData request;
    private final List<RequestRule> rules;
    private final RuleScope scope;
    private final List<Part> parts = new ArrayList<>();
    private final List<ByteBuf> owned = new ArrayList<>();
    private double loopShare;

    /** The records of one partition. */
    private static final class Part {
        final TopicProduceData topic;
        final PartitionProduceData partition;
        final RecordWrite write;

        @Nullable
        InvalidBatchException refusal;

        Part(TopicProduceData topic, PartitionProduceData partition, RecordWrite write) {
            this.topic = topic;
            this.partition = partition;
            this.write = write;
        }
    }

    RuledProduce(ProduceRequestData request, List<RequestRule> rules, RuleScope scope) {
        this.request = request;
        this.rules = rules;
        this.scope = scope;
    }

    /**
     * Without records there is nothing to do: the broker refuses such a partition.
     *
     * @param loopBytesMax what an event loop does itself
     */
    void add(TopicProduceData topic, PartitionProduceData partition, RecordWrite write, int loopBytesMax) {
        if (partition.records() instanceof MemoryRecords records && records.sizeInBytes() > 0) {
            parts.add(new Part(topic, partition, write));
            loopShare += weightBytes(records.buffer()) / Math.max(0.5, loopBytesMax);
        }
    }

    private static long weightBytes(ByteBuffer records) {
        int bytes = records.remaining();
        CompressionType type = bytes < ATTRIBUTES_END
                ? CompressionType.NONE
                : RecordStreams.compression(records.getShort(records.position() + ATTRIBUTES_END - Short.BYTES));
        if (type == null || type == CompressionType.NONE) {
            return bytes;
        }
        boolean light = type == CompressionType.LZ4 || type == CompressionType.SNAPPY;
        return (long) bytes * (light ? LIGHT_RATIO : HEAVY_RATIO);
    }

    /** Whether it takes longer than an event loop has for one request. */
    public boolean isHeavy() {
        return loopShare > 1;
    }

    /** Lets all rules do their work. */
    public void run() {
        for (Part part : parts) {
            MemoryRecords records = (MemoryRecords) part.partition.records();
            try (RuledBatch batch = new RuledBatch(part.write, records.buffer(), scope)) {
                for (RequestRule rule : rules) {
                    rule.apply(batch);
                }
                batch.finish();
                ByteBuf changed = batch.takePatched();
                if (changed != null) {
                    owned.add(changed);
                    part.partition.setRecords(MemoryRecords.readableRecords(changed.nioBuffer()));
                }
            } catch (InvalidBatchException e) {
                part.refusal = e;
            }
        }
    }

    /**
     * What becomes of the request.
     *
     * @param authorized what its authorizer has said; the records are those of the request that goes on by it
     */
    public Outcome outcome(Outcome authorized, RequestContext context) {
        RefusedPartitions refused = takeOut();
        if (authorized instanceof Outcome.Close close) {
            return new Outcome.Close(close.reason(), request.topicData().isEmpty() ? null : request);
        }
        ResponseEdit<ProduceResponseData> before = editOf(authorized);
        if (refused.isEmpty()) {
            return new Outcome.Rewrite(request, before);
        }
        if (request.acks() == 0) {
            return refused.closed(request);
        }
        ResponseEdit<ProduceResponseData> edit =
                (response, now) -> refused.mergeInto(before == null ? response : before.edit(response, now));
        return request.topicData().isEmpty()
                ? new Outcome.Answer(edit.edit(new ProduceResponseData(), context))
                : new Outcome.Rewrite(request, edit);
    }

    @SuppressWarnings("ReferenceEquality") // to be equal would be to have equal records
    private RefusedPartitions takeOut() {
        RefusedPartitions refused = new RefusedPartitions();
        for (Part part : parts) {
            InvalidBatchException refusal = part.refusal;
            if (refusal != null) {
                refused.add(
                        part.topic,
                        part.partition,
                        new ApiError(refusal.error(), refusal.getMessage()),
                        refusal.records());
                part.topic.partitionData().removeIf(partition -> partition == part.partition);
                if (part.topic.partitionData().isEmpty()) {
                    request.topicData().remove(part.topic);
                }
            }
        }
        return refused;
    }

    @SuppressWarnings("unchecked") // the outcome is that of a produce request
    private static @Nullable ResponseEdit<ProduceResponseData> editOf(Outcome authorized) {
        return authorized instanceof Outcome.Rewrite rewrite
                ? (ResponseEdit<ProduceResponseData>) rewrite.edit()
                : null;
    }

    /** Gives the changed records back: the request was encoded, or will never be. */
    public void release() {
        owned.forEach(ByteBuf::release);
        owned.clear();
    }
}
