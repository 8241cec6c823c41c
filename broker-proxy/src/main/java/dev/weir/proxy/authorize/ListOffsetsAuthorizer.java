package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * ListOffsets: names topics. Needs Describe on each. Errors go to each partition of a refused topic; its offset,
 * timestamp and leader epoch stay -1.
 *
 * <p>A replica id other than a consumer's -1 would show offsets above the high watermark, which is for brokers only. It
 * is refused whatever policy says, with {@code CLUSTER_AUTHORIZATION_FAILED} on every partition; so the request is always
 * decoded.
 */
public final class ListOffsetsAuthorizer implements ApiAuthorizer<ListOffsetsRequestData> {

    @Override
    public Outcome decide(ListOffsetsRequestData request, RequestContext context) {
        if (request.replicaId() != ListOffsetsRequest.CONSUMER_REPLICA_ID) {
            return new Outcome.Answer(
                    append(new ListOffsetsResponseData(), request.topics(), Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        List<ListOffsetsTopic> refused =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.name(), Operation.DESCRIBE));
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(
                    append(new ListOffsetsResponseData(), refused, Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        ResponseEdit<ListOffsetsResponseData> edit =
                (response, now) -> append(response, refused, Errors.TOPIC_AUTHORIZATION_FAILED);
        return new Outcome.Rewrite(request, edit);
    }

    private static ListOffsetsResponseData append(
            ListOffsetsResponseData response, List<ListOffsetsTopic> refused, Errors error) {
        for (ListOffsetsTopic topic : refused) {
            ListOffsetsTopicResponse result = new ListOffsetsTopicResponse().setName(topic.name());
            topic.partitions()
                    .forEach(partition -> result.partitions()
                            .add(new ListOffsetsPartitionResponse()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(error.code())));
            response.topics().add(result);
        }
        return response;
    }
}
