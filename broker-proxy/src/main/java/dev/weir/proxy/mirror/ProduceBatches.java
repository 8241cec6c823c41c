package dev.weir.proxy.mirror;

import dev.weir.proxy.batch.BatchJoin;
import dev.weir.proxy.mirror.TargetTopic.Queue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * One produce request of Weir's own, with at most one batch for each partition, as Kafka takes them; that one may be several put together. One
 * thread.
 */
final class ProduceBatches {
    /** A larger batch goes alone. */
    private static final int BYTES_MAX = 1 << 20;

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final short ALL_REPLICAS = -1;
    private static final String NO_ANSWER = "a broker left the partition out of its answer";

    private final Map<Queue, List<MirrorBatch>> batches = new HashMap<>();
    private final ProduceRequestData request =
            new ProduceRequestData().setAcks(ALL_REPLICAS).setTimeoutMs(TIMEOUT_MILLIS);

    private ProduceBatches() {}

    /**
     * Takes the next batches.
     *
     * @param ready those that are first come first; one that has more to send comes last afterwards, and one that has not is gone
     */
    static ProduceBatches of(Set<Queue> ready) {
        ProduceBatches made = new ProduceBatches();
        List<Queue> again = new ArrayList<>();
        long bytes = 0;
        for (Queue queue : List.copyOf(ready)) {
            boolean can = queue.batches().canSend();
            if (can && bytes > 0 && bytes + queue.batches().nextBytes() > BYTES_MAX) {
                break;
            }
            ready.remove(queue);
            if (can) {
                bytes += made.add(queue, queue.batches().sendTogether());
                if (queue.batches().canSend()) {
                    again.add(queue);
                }
            }
        }
        ready.addAll(again);
        return made;
    }

    /** How many bytes it takes. */
    private int add(Queue queue, List<MirrorBatch> together) {
        batches.put(queue, together);
        String name = queue.topic().name();
        TopicProduceData topic = request.topicData().find(name, Uuid.ZERO_UUID);
        if (topic == null) {
            topic = new TopicProduceData().setName(name);
            request.topicData().add(topic);
        }
        ByteBuffer batch = together.size() == 1
                ? together.get(0).records()
                : BatchJoin.of(together.stream().map(MirrorBatch::records).toList());
        topic.partitionData()
                .add(new PartitionProduceData()
                        .setIndex(queue.batches().partition())
                        .setRecords(MemoryRecords.readableRecords(batch)));
        return batch.limit();
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    ProduceRequestData request() {
        return request;
    }

    /** The partitions that it is for. */
    Collection<Queue> queues() {
        return List.copyOf(batches.keySet());
    }

    void answered(ProduceResponseData response, int attemptsMax) {
        batches.forEach((queue, together) -> {
            Errors error = error(response, queue);
            if (error == Errors.NONE) {
                together.forEach(queue.batches()::taken);
                queue.topic().takes();
            } else {
                refused(queue, together, error, attemptsMax);
            }
        });
    }

    private static void refused(Queue queue, List<MirrorBatch> together, Errors error, int attemptsMax) {
        String words = error == Errors.UNKNOWN_SERVER_ERROR
                ? NO_ANSWER
                : TargetErrors.words(error, queue.topic().name());
        boolean retriable = TargetErrors.isRetriable(error);
        boolean ofTopic = TargetErrors.isOfTopic(error);
        if (together.size() > 1 && !retriable && !ofTopic) {
            queue.batches().apart(together, words, error == Errors.MESSAGE_TOO_LARGE);
            return;
        }
        if (ofTopic) {
            Refusal refusal = queue.topic().giveUp(words);
            together.forEach(batch -> batch.lane().refuse(refusal));
        }
        together.forEach(batch -> queue.batches().refused(batch, words, retriable, attemptsMax));
    }

    private static Errors error(ProduceResponseData response, Queue queue) {
        TopicProduceResponse topic = response.responses().find(queue.topic().name(), Uuid.ZERO_UUID);
        if (topic != null) {
            for (PartitionProduceResponse partition : topic.partitionResponses()) {
                if (partition.index() == queue.batches().partition()) {
                    return Errors.forCode(partition.errorCode());
                }
            }
        }
        return Errors.UNKNOWN_SERVER_ERROR;
    }

    /** Nobody knows what became of it. */
    void lost(String words, int attemptsMax) {
        batches.forEach((queue, together) ->
                together.forEach(batch -> queue.batches().refused(batch, words, true, attemptsMax)));
    }
}
