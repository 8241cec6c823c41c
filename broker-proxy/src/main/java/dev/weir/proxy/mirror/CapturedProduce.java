package dev.weir.proxy.mirror;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one produce request that mirrors are about, from when they go to the broker until it has answered. It ends with one of
 * {@link #acknowledged}, {@link #sent} and {@link #abandon}; what is called after that does nothing. Event loop of the connection.
 */
public final class CapturedProduce {
    private static final long OFFSET_UNKNOWN = -1;

    private final List<Captured> batches = new ArrayList<>(2);

    CapturedProduce() {}

    /**
     * One batch.
     *
     * @param topicId as in the request: {@link Uuid#ZERO_UUID} where that names the topic
     * @param records a copy of its own; {@code null} when there was no memory for one, or no need
     * @param reservedBytes of the sender's memory
     * @param fault why it cannot be mirrored, whatever happens; {@code null} for nothing
     * @param refused whether it is of a transaction, and those are not to be mirrored
     */
    record Captured(
            MirrorLane lane,
            Uuid topicId,
            int partition,
            Amount amount,
            @Nullable ByteBuf records,
            long reservedBytes,
            @Nullable String fault,
            boolean refused) {

        boolean isOf(TopicProduceResponse answered) {
            return topicId.equals(Uuid.ZERO_UUID)
                    ? lane.topic().equals(answered.name())
                    : topicId.equals(answered.topicId());
        }

        void release() {
            MirrorSender sender = lane.sender();
            if (records != null && sender != null) {
                records.release();
                sender.memory().release(reservedBytes);
            }
        }
    }

    void add(Captured batch) {
        batches.add(batch);
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    /** The broker has answered: what it took is eligible. */
    public void acknowledged(ProduceResponseData response) {
        Map<MirrorSender, List<MirrorBatch>> taken = new LinkedHashMap<>(2);
        for (Captured batch : batches) {
            PartitionProduceResponse answer = answer(response, batch);
            if (answer != null && answer.errorCode() == Errors.NONE.code()) {
                take(batch, answer.baseOffset(), taken);
            } else {
                batch.release();
            }
        }
        batches.clear();
        taken.forEach(MirrorSender::accept);
    }

    private static @Nullable PartitionProduceResponse answer(ProduceResponseData response, Captured batch) {
        for (TopicProduceResponse topic : response.responses()) {
            if (batch.isOf(topic)) {
                for (PartitionProduceResponse partition : topic.partitionResponses()) {
                    if (partition.index() == batch.partition()) {
                        return partition;
                    }
                }
            }
        }
        return null;
    }

    /** The broker will not answer (acks=0): what was sent is eligible. */
    public void sent() {
        Map<MirrorSender, List<MirrorBatch>> taken = new LinkedHashMap<>(2);
        batches.forEach(batch -> take(batch, OFFSET_UNKNOWN, taken));
        batches.clear();
        taken.forEach(MirrorSender::accept);
    }

    private static void take(Captured batch, long baseOffset, Map<MirrorSender, List<MirrorBatch>> taken) {
        ByteBuf records = batch.records();
        MirrorLane lane = batch.lane();
        MirrorSender sender = lane.sender();
        if (batch.refused()) {
            lane.account().refused(batch.amount());
        } else if (batch.fault() != null) {
            lane.account().failed(batch.amount(), false, batch.fault());
        } else if (records == null || sender == null) {
            lane.account().dropped(batch.amount(), false, "the memory for mirrors to its cluster is full");
        } else {
            taken.computeIfAbsent(sender, absent -> new ArrayList<>(2))
                    .add(new MirrorBatch(
                            lane,
                            new MirrorBatch.Place(batch.partition(), baseOffset),
                            batch.amount(),
                            records,
                            sender.memory(),
                            batch.reservedBytes()));
        }
    }

    /** Nobody will ever know whether the broker took them: they are not eligible. */
    public void abandon() {
        batches.forEach(Captured::release);
        batches.clear();
    }
}
