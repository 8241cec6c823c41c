package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/**
 * OffsetCommit: the group needs Read, and so does each topic, which is named up to version 9 and given by id from
 * version 10. A refused group is {@code GROUP_AUTHORIZATION_FAILED} on every partition; a refused topic is taken out and
 * its partitions get {@code TOPIC_AUTHORIZATION_FAILED}, those of an unknown id {@code UNKNOWN_TOPIC_ID}. When no topic
 * is left the broker is not asked, as Kafka does not ask its coordinator.
 */
final class OffsetCommitAuthorizer implements ApiAuthorizer<OffsetCommitRequestData> {
    private static final Needs NEEDS = Needs.of(Operation.READ, Operation.READ, null);

    private record Refused(OffsetCommitRequestTopic topic, Errors error) {}

    @Override
    public Outcome decide(OffsetCommitRequestData request, RequestContext context) {
        short version = context.apiVersion();
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return Refusal.answer(ApiKeys.OFFSET_COMMIT, request, version, Errors.GROUP_AUTHORIZATION_FAILED);
        }
        boolean byId = OffsetCommitResponse.useTopicIds(version);
        List<Refused> refused = new ArrayList<>();
        List<OffsetCommitRequestTopic> passed = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            Errors error = byId ? errorById(topic.topicId(), context) : errorByName(topic.name(), context);
            if (error == Errors.NONE) {
                passed.add(topic);
            } else {
                refused.add(new Refused(topic, error));
            }
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(refusals(refused, byId).build().data());
        }
        return new Outcome.Rewrite(request.setTopics(passed), merging(refused, byId));
    }

    private static Errors errorById(Uuid topicId, RequestContext context) {
        String name = context.topicName(topicId);
        return name == null ? Errors.UNKNOWN_TOPIC_ID : errorByName(name, context);
    }

    private static Errors errorByName(String name, RequestContext context) {
        return context.allowsTopic(name, Operation.READ) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private static OffsetCommitResponse.Builder refusals(List<Refused> refused, boolean byId) {
        OffsetCommitResponse.Builder builder = OffsetCommitResponse.newBuilder(byId);
        for (Refused each : refused) {
            OffsetCommitRequestTopic topic = each.topic;
            builder.addPartitions(
                    topic.topicId(),
                    topic.name(),
                    topic.partitions(),
                    OffsetCommitRequestPartition::partitionIndex,
                    each.error);
        }
        return builder;
    }

    private static ResponseEdit<OffsetCommitResponseData> merging(List<Refused> refused, boolean byId) {
        return (response, context) -> {
            int throttleTimeMs = response.throttleTimeMs();
            return refusals(refused, byId).merge(response).build().data().setThrottleTimeMs(throttleTimeMs);
        };
    }

    @Override
    public Needs needs(short version) {
        return OffsetCommitResponse.useTopicIds(version) ? Needs.DECODE : NEEDS;
    }
}
