package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData.DeleteShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData.DeleteShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DeleteShareGroupOffsets: the group needs Delete, each topic Read. A refused group is the response's own error code; a
 * refused topic is taken out and gets {@code TOPIC_AUTHORIZATION_FAILED} ahead of the others. The broker is asked even
 * when no topic is left, because an error of the group stands alone.
 */
final class DeleteShareGroupOffsetsAuthorizer implements ApiAuthorizer<DeleteShareGroupOffsetsRequestData> {

    @Override
    public Outcome decide(DeleteShareGroupOffsetsRequestData request, RequestContext context) {
        if (!context.allowsGroup(request.groupId(), Operation.DELETE)) {
            return Refusal.answer(
                    ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
                    request,
                    context.apiVersion(),
                    Errors.GROUP_AUTHORIZATION_FAILED);
        }
        List<DeleteShareGroupOffsetsRequestTopic> passed = new ArrayList<>();
        List<DeleteShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        for (DeleteShareGroupOffsetsRequestTopic topic : request.topics()) {
            if (context.allowsTopic(topic.topicName(), Operation.READ)) {
                passed.add(topic);
            } else {
                refused.add(new DeleteShareGroupOffsetsResponseTopic()
                        .setTopicName(topic.topicName())
                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
            }
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        ResponseEdit<DeleteShareGroupOffsetsResponseData> edit = (response, later) -> {
            if (response.errorCode() == Errors.NONE.code()) {
                response.responses().addAll(0, refused);
            }
            return response;
        };
        return new Outcome.Rewrite(request.setTopics(passed), edit);
    }
}
