package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponseTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * AlterShareGroupOffsets: the group needs Read, and so does each topic. A refused group is the response's own error
 * code; a refused topic is taken out and its partitions get {@code TOPIC_AUTHORIZATION_FAILED} ahead of the others. The
 * broker is asked even when no topic is left, because an error of the group stands alone.
 */
final class AlterShareGroupOffsetsAuthorizer implements ApiAuthorizer<AlterShareGroupOffsetsRequestData> {

    @Override
    public Outcome decide(AlterShareGroupOffsetsRequestData request, RequestContext context) {
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return Refusal.answer(
                    ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                    request,
                    context.apiVersion(),
                    Errors.GROUP_AUTHORIZATION_FAILED);
        }
        List<AlterShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        request.topics().removeIf(topic -> {
            boolean allowed = context.allowsTopic(topic.topicName(), Operation.READ);
            if (!allowed) {
                refused.add(refusedTopic(topic, context));
            }
            return !allowed;
        });
        return refused.isEmpty() ? Outcome.FORWARD : new Outcome.Rewrite(request, merging(refused));
    }

    private static AlterShareGroupOffsetsResponseTopic refusedTopic(
            AlterShareGroupOffsetsRequestTopic topic, RequestContext context) {
        Uuid id = context.topicId(topic.topicName());
        AlterShareGroupOffsetsResponseTopic refused = new AlterShareGroupOffsetsResponseTopic()
                .setTopicName(topic.topicName())
                .setTopicId(id == null ? Uuid.ZERO_UUID : id);
        for (AlterShareGroupOffsetsRequestPartition partition : topic.partitions()) {
            refused.partitions()
                    .add(new AlterShareGroupOffsetsResponsePartition()
                            .setPartitionIndex(partition.partitionIndex())
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
        }
        return refused;
    }

    private static ResponseEdit<AlterShareGroupOffsetsResponseData> merging(
            List<AlterShareGroupOffsetsResponseTopic> refused) {
        return (response, context) -> {
            if (response.errorCode() != Errors.NONE.code()) {
                return response;
            }
            AlterShareGroupOffsetsResponseTopicCollection merged = new AlterShareGroupOffsetsResponseTopicCollection();
            refused.forEach(topic -> merged.mustAdd(topic.duplicate()));
            response.responses().forEach(topic -> merged.mustAdd(topic.duplicate()));
            return response.setResponses(merged);
        };
    }
}
