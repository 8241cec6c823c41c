package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgeTopic;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.Errors;

/**
 * ShareAcknowledge (79): Read on the group, else GROUP_AUTHORIZATION_FAILED for the whole request; Read on each topic,
 * else TOPIC_AUTHORIZATION_FAILED per partition; UNKNOWN_TOPIC_ID for an id that the cluster does not know. Only in a
 * share session that was opened on this connection.
 */
final class ShareAcknowledgeAuthorizer implements ApiAuthorizer<ShareAcknowledgeRequestData> {

    @Override
    public Outcome decide(ShareAcknowledgeRequestData request, RequestContext context) {
        if (request.groupId() == null || request.memberId() == null) {
            return Outcome.FORWARD; // refused by every broker
        }
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return answer(Errors.GROUP_AUTHORIZATION_FAILED);
        }
        ShareSessions sessions = context.connectionState(ShareSessions.class, ShareSessions::new);
        ShareSessions.Key key = new ShareSessions.Key(request.groupId(), request.memberId());
        if (sessions.find(key) == null) {
            return answer(Errors.SHARE_SESSION_NOT_FOUND);
        }
        if (request.shareSessionEpoch() == ShareFetchAuthorizer.FINAL_EPOCH) {
            sessions.close(key);
        }
        List<AcknowledgeTopic> refused = Split.takeOut(request.topics(), topic -> {
            String name = context.topicName(topic.topicId());
            return name != null && context.allowsTopic(name, Operation.READ);
        });
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        ResponseEdit<ShareAcknowledgeResponseData> edit = (response, now) -> addRefused(response, now, refused);
        return new Outcome.Rewrite(request, edit);
    }

    private static Outcome answer(Errors error) {
        return new Outcome.Answer(new ShareAcknowledgeResponseData().setErrorCode(error.code()));
    }

    private static ShareAcknowledgeResponseData addRefused(
            ShareAcknowledgeResponseData response, RequestContext context, List<AcknowledgeTopic> refused) {
        if (response.errorCode() != Errors.NONE.code()) {
            return response;
        }
        for (AcknowledgeTopic topic : refused) {
            Errors error = context.topicName(topic.topicId()) == null
                    ? Errors.UNKNOWN_TOPIC_ID
                    : Errors.TOPIC_AUTHORIZATION_FAILED;
            ShareAcknowledgeTopicResponse answer = new ShareAcknowledgeTopicResponse().setTopicId(topic.topicId());
            topic.partitions()
                    .forEach(partition -> answer.partitions()
                            .add(new PartitionData()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(error.code())));
            response.responses().add(answer);
        }
        return response;
    }
}
