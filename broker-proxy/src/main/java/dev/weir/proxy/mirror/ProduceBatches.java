package dev.weir.proxy.mirror;

import dev.weir.proxy.mirror.TargetTopic.Queue;
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

/** One produce request of Weir's own, with at most one batch for each partition, as Kafka takes them. One thread. */
final class ProduceBatches {
    /** A larger batch goes alone. */
    private static final int BYTES_MAX = 1 << 20;

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final short ALL_REPLICAS = -1;
    private static final String NO_ANSWER = "a broker left the partition out of its answer";

    private final Map<Queue, MirrorBatch> batches = new HashMap<>();
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
                bytes += queue.batches().nextBytes();
                made.add(queue, queue.batches().send());
                if (queue.batches().canSend()) {
                    again.add(queue);
                }
            }
        }
        ready.addAll(again);
        return made;
    }

    private void add(Queue queue, MirrorBatch batch) {
        batches.put(queue, batch);
        String name = queue.topic().name();
        TopicProduceData topic = request.topicData().find(name, Uuid.ZERO_UUID);
        if (topic == null) {
            topic = new TopicProduceData().setName(name);
            request.topicData().add(topic);
        }
        topic.partitionData()
                .add(new PartitionProduceData()
                        .setIndex(queue.batches().partition())
                        .setRecords(MemoryRecords.readableRecords(batch.records())));
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
        batches.forEach((queue, batch) -> {
            Errors error = error(response, queue);
            if (error == Errors.NONE) {
                queue.batches().taken(batch);
            } else {
                queue.batches()
                        .refused(
                                batch,
                                error == Errors.UNKNOWN_SERVER_ERROR
                                        ? NO_ANSWER
                                        : TargetErrors.words(
                                                error, queue.topic().name()),
                                TargetErrors.isRetriable(error),
                                attemptsMax);
            }
        });
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
        batches.forEach((queue, batch) -> queue.batches().refused(batch, words, true, attemptsMax));
    }
}
