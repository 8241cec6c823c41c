package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetForLeaderEpoch: names topics. Needs Describe on each. Errors go to each partition of a refused topic; its leader
 * epoch and end offset stay -1.
 *
 * <p>Kafka also answers, for any topic, whoever has ClusterAction: that is how followers ask. Weir does not: no broker
 * comes through a listener. For the same reason a replica id that is a broker's (0 and up) is refused whatever policy
 * says, with {@code CLUSTER_AUTHORIZATION_FAILED} on every partition; so the request is always decoded.
 */
public final class OffsetForLeaderEpochAuthorizer implements ApiAuthorizer<OffsetForLeaderEpochRequestData> {

    @Override
    public Outcome decide(OffsetForLeaderEpochRequestData request, RequestContext context) {
        if (request.replicaId() >= 0) {
            return new Outcome.Answer(append(
                    new OffsetForLeaderEpochResponseData(),
                    List.copyOf(request.topics()),
                    Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
        List<OffsetForLeaderTopic> refused =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.topic(), Operation.DESCRIBE));
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(
                    append(new OffsetForLeaderEpochResponseData(), refused, Errors.TOPIC_AUTHORIZATION_FAILED));
        }
        ResponseEdit<OffsetForLeaderEpochResponseData> edit =
                (response, now) -> append(response, refused, Errors.TOPIC_AUTHORIZATION_FAILED);
        return new Outcome.Rewrite(request, edit);
    }

    private static OffsetForLeaderEpochResponseData append(
            OffsetForLeaderEpochResponseData response, List<OffsetForLeaderTopic> refused, Errors error) {
        for (OffsetForLeaderTopic topic : refused) {
            OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            topic.partitions()
                    .forEach(partition -> result.partitions()
                            .add(new EpochEndOffset()
                                    .setPartition(partition.partition())
                                    .setErrorCode(error.code())));
            response.topics().add(result);
        }
        return response;
    }
}
