package dev.weir.proxy.authorize;

import dev.weir.proxy.batch.InvalidBatchException.InvalidRecord;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ProduceResponse;

/** The partitions of one produce request that do not go on, each with its error. One that is named twice is answered once. */
public final class RefusedPartitions {
    private final Map<TopicIdPartition, ApiError> errors = new LinkedHashMap<>();
    /** Of partitions of which single records are to blame (KIP-467). */
    private final Map<TopicIdPartition, List<InvalidRecord>> records = new HashMap<>();

    public boolean isEmpty() {
        return errors.isEmpty();
    }

    /** Refuses all partitions of a topic. */
    public void add(TopicProduceData topic, ApiError error) {
        topic.partitionData().forEach(partition -> add(topic, partition, error));
    }

    public void add(TopicProduceData topic, PartitionProduceData partition, ApiError error) {
        errors.put(new TopicIdPartition(topic.topicId(), partition.index(), topic.name()), error);
    }

    /** As above, for these of its records. */
    public void add(
            TopicProduceData topic, PartitionProduceData partition, ApiError error, List<InvalidRecord> invalid) {
        add(topic, partition, error);
        records.put(new TopicIdPartition(topic.topicId(), partition.index(), topic.name()), invalid);
    }

    /** Adds the errors to the answer that the rest of the request got. */
    public ProduceResponseData mergeInto(ProduceResponseData response) {
        errors.forEach((partition, error) -> {
            TopicProduceResponse result = response.responses().find(partition.topic(), partition.topicId());
            if (result == null) {
                result = new TopicProduceResponse().setName(partition.topic()).setTopicId(partition.topicId());
                response.responses().add(result);
            }
            result.partitionResponses()
                    .add(new PartitionProduceResponse()
                            .setIndex(partition.partition())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message())
                            .setRecordErrors(records.getOrDefault(partition, List.of()).stream()
                                    .map(invalid -> new BatchIndexAndErrorMessage()
                                            .setBatchIndex(invalid.index())
                                            .setBatchIndexErrorMessage(invalid.message()))
                                    .toList())
                            .setBaseOffset(ProduceResponse.INVALID_OFFSET));
        });
        return response;
    }

    /** What becomes of a request with {@code acks=0}, whose errors nobody is told: the rest goes on, and the end is loud. */
    public Outcome closed(ProduceRequestData rest) {
        return new Outcome.Close(
                "produce with acks=0 was refused: "
                        + errors.values().iterator().next().error(),
                rest.topicData().isEmpty() ? null : rest);
    }
}
