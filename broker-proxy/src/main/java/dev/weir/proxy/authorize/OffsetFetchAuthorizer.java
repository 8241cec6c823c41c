package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchRequest;
import org.apache.kafka.common.requests.OffsetFetchResponse;
import org.jspecify.annotations.Nullable;

/**
 * OffsetFetch: each group needs Describe, and so does each topic, which is named up to version 9 and given by id from
 * version 10. Up to version 7 there is one group; from version 8 on there are many, and the answers to refused ones are
 * put where the request had them. A refused topic is taken out and its partitions get
 * {@code TOPIC_AUTHORIZATION_FAILED} ({@code UNKNOWN_TOPIC_ID} for an unknown id), unless the group itself fails, whose
 * error then stands alone. A group without a list of topics means all of them: topics that may not be described, or
 * whose id is not known here, are left out of the answer.
 */
final class OffsetFetchAuthorizer implements ApiAuthorizer<OffsetFetchRequestData> {

    @Override
    public Outcome decide(OffsetFetchRequestData request, RequestContext context) {
        return context.apiVersion() < OffsetFetchRequest.BATCH_MIN_VERSION
                ? decideOne(request, context)
                : decideMany(request, context);
    }

    private static Outcome decideOne(OffsetFetchRequestData request, RequestContext context) {
        if (!context.allowsGroup(request.groupId(), Operation.DESCRIBE)) {
            return Refusal.answer(
                    ApiKeys.OFFSET_FETCH, request, context.apiVersion(), Errors.GROUP_AUTHORIZATION_FAILED);
        }
        if (request.topics() == null) {
            ResponseEdit<OffsetFetchResponseData> edit = (response, later) -> {
                response.topics().removeIf(topic -> !later.showsTopic(topic.name(), Operation.DESCRIBE));
                return response;
            };
            return new Outcome.Forward(edit);
        }
        List<OffsetFetchRequestTopic> passed = new ArrayList<>();
        List<OffsetFetchResponseTopic> refused = new ArrayList<>();
        for (OffsetFetchRequestTopic topic : request.topics()) {
            if (context.allowsTopic(topic.name(), Operation.DESCRIBE)) {
                passed.add(topic);
            } else {
                refused.add(refusedByName(topic));
            }
        }
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        ResponseEdit<OffsetFetchResponseData> edit = (response, later) -> {
            if (response.errorCode() == Errors.NONE.code()) {
                response.topics().addAll(refused);
            }
            return response;
        };
        return new Outcome.Rewrite(request.setTopics(passed), edit);
    }

    private static Outcome decideMany(OffsetFetchRequestData request, RequestContext context) {
        Plan plan = new Plan();
        List<OffsetFetchRequestGroup> passed = new ArrayList<>();
        for (int i = 0; i < request.groups().size(); i++) {
            OffsetFetchRequestGroup group = request.groups().get(i);
            if (context.allowsGroup(group.groupId(), Operation.DESCRIBE)) {
                plan.passed.add(new PassedGroup(group.topics() == null, takeOutRefused(group, context)));
                passed.add(group);
            } else {
                plan.refused.put(
                        i,
                        OffsetFetchResponse.groupError(group, Errors.GROUP_AUTHORIZATION_FAILED, context.apiVersion()));
            }
        }
        if (plan.changesNothing()) {
            return Outcome.FORWARD;
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(new OffsetFetchResponseData().setGroups(new ArrayList<>(plan.refused.values())));
        }
        return new Outcome.Rewrite(request.setGroups(passed), plan);
    }

    private static List<OffsetFetchResponseTopics> takeOutRefused(
            OffsetFetchRequestGroup group, RequestContext context) {
        List<OffsetFetchResponseTopics> refused = new ArrayList<>();
        if (group.topics() == null) {
            return refused;
        }
        boolean byId = OffsetFetchRequest.useTopicIds(context.apiVersion());
        List<OffsetFetchRequestTopics> passed = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            String name = byId ? context.topicName(topic.topicId()) : topic.name();
            if (name == null) {
                refused.add(refusedTopic(topic, Errors.UNKNOWN_TOPIC_ID));
            } else if (context.allowsTopic(name, Operation.DESCRIBE)) {
                passed.add(topic);
            } else {
                refused.add(refusedTopic(topic, Errors.TOPIC_AUTHORIZATION_FAILED));
            }
        }
        group.setTopics(passed);
        return refused;
    }

    private static OffsetFetchResponseTopics refusedTopic(OffsetFetchRequestTopics topic, Errors error) {
        OffsetFetchResponseTopics refused =
                new OffsetFetchResponseTopics().setTopicId(topic.topicId()).setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            refused.partitions()
                    .add(new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                            .setErrorCode(error.code()));
        }
        return refused;
    }

    private static OffsetFetchResponseTopic refusedByName(OffsetFetchRequestTopic topic) {
        OffsetFetchResponseTopic refused = new OffsetFetchResponseTopic().setName(topic.name());
        for (int partition : topic.partitionIndexes()) {
            refused.partitions()
                    .add(new OffsetFetchResponsePartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(OffsetFetchResponse.INVALID_OFFSET)
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
        }
        return refused;
    }

    private record PassedGroup(boolean allTopics, List<OffsetFetchResponseTopics> refused) {}

    /** What a request with many groups has to get back: groups passed, in order, and refused ones at their places. */
    private static final class Plan implements ResponseEdit<OffsetFetchResponseData> {
        private final List<PassedGroup> passed = new ArrayList<>();
        private final SortedMap<Integer, OffsetFetchResponseGroup> refused = new TreeMap<>();

        boolean changesNothing() {
            return refused.isEmpty() && passed.stream().noneMatch(group -> group.allTopics || !group.refused.isEmpty());
        }

        @Override
        public OffsetFetchResponseData edit(OffsetFetchResponseData response, RequestContext context) {
            Deque<PassedGroup> plans = new ArrayDeque<>(passed);
            List<OffsetFetchResponseGroup> groups = new ArrayList<>();
            for (OffsetFetchResponseGroup group : response.groups()) {
                groups.add(edit(group, plans.poll(), context));
            }
            return response.setGroups(Split.interleave(groups, refused));
        }

        private static OffsetFetchResponseGroup edit(
                OffsetFetchResponseGroup group, @Nullable PassedGroup plan, RequestContext context) {
            if (group.errorCode() != Errors.NONE.code()) {
                return group;
            }
            if (plan == null || plan.allTopics) {
                group.topics().removeIf(topic -> !shows(topic, context));
            } else {
                group.topics().addAll(plan.refused);
            }
            return group;
        }

        private static boolean shows(OffsetFetchResponseTopics topic, RequestContext context) {
            String name = Uuid.ZERO_UUID.equals(topic.topicId()) ? topic.name() : context.topicName(topic.topicId());
            return name != null && context.showsTopic(name, Operation.DESCRIBE);
        }
    }
}
