package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/**
 * OffsetDelete: the group needs Delete, each topic Read. A refused group is the response's own error code; a refused
 * topic is taken out and its partitions get {@code TOPIC_AUTHORIZATION_FAILED}. The broker is asked even when no topic
 * is left, because an error of the group goes before those of its topics.
 */
final class OffsetDeleteAuthorizer implements ApiAuthorizer<OffsetDeleteRequestData> {

    @Override
    public Outcome decide(OffsetDeleteRequestData request, RequestContext context) {
        if (!context.allowsGroup(request.groupId(), Operation.DELETE)) {
            return Refusal.answer(
                    ApiKeys.OFFSET_DELETE, request, context.apiVersion(), Errors.GROUP_AUTHORIZATION_FAILED);
        }
        List<OffsetDeleteRequestTopic> refused = new ArrayList<>();
        request.topics().removeIf(topic -> {
            boolean allowed = context.allowsTopic(topic.name(), Operation.READ);
            if (!allowed) {
                refused.add(topic);
            }
            return !allowed;
        });
        return refused.isEmpty() ? Outcome.FORWARD : new Outcome.Rewrite(request, merging(refused));
    }

    private static ResponseEdit<OffsetDeleteResponseData> merging(List<OffsetDeleteRequestTopic> refused) {
        return (response, context) -> {
            OffsetDeleteResponse.Builder builder = new OffsetDeleteResponse.Builder();
            for (OffsetDeleteRequestTopic topic : refused) {
                builder.addPartitions(
                        topic.name(),
                        topic.partitions(),
                        OffsetDeleteRequestPartition::partitionIndex,
                        Errors.TOPIC_AUTHORIZATION_FAILED);
            }
            int throttleTimeMs = response.throttleTimeMs();
            return builder.merge(response).build().data().setThrottleTimeMs(throttleTimeMs);
        };
    }
}
