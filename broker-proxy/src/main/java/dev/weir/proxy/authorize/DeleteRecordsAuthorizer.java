package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/**
 * DeleteRecords: names topics. Needs Delete on each. Errors go to each partition of a refused topic; its low watermark is
 * -1.
 */
public final class DeleteRecordsAuthorizer implements ApiAuthorizer<DeleteRecordsRequestData> {

    @Override
    public Needs needs(short version) {
        return Needs.of(Operation.DELETE, null, null);
    }

    @Override
    public Outcome decide(DeleteRecordsRequestData request, RequestContext context) {
        List<DeleteRecordsTopic> refused =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.name(), Operation.DELETE));
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(merge(new DeleteRecordsResponseData(), refused));
        }
        ResponseEdit<DeleteRecordsResponseData> edit = (response, now) -> merge(response, refused);
        return new Outcome.Rewrite(request, edit);
    }

    private static DeleteRecordsResponseData merge(
            DeleteRecordsResponseData response, List<DeleteRecordsTopic> refused) {
        for (DeleteRecordsTopic topic : refused) {
            DeleteRecordsTopicResult result = response.topics().find(topic.name());
            if (result == null) {
                result = new DeleteRecordsTopicResult().setName(topic.name());
                response.topics().add(result);
            }
            for (DeleteRecordsRequestData.DeleteRecordsPartition partition : topic.partitions()) {
                if (result.partitions().find(partition.partitionIndex()) != null) {
                    continue; // named twice
                }
                result.partitions()
                        .add(new DeleteRecordsPartitionResult()
                                .setPartitionIndex(partition.partitionIndex())
                                .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                                .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
            }
        }
        return response;
    }
}
