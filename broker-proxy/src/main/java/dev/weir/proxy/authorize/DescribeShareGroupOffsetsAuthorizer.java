package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * DescribeShareGroupOffsets: each group needs Describe, and so does each topic. Refused groups are put back where the
 * request had them; a refused topic follows the broker's with {@code TOPIC_AUTHORIZATION_FAILED} on its partitions,
 * unless the group itself fails. A group without a list of topics means all of them, of which those that may not be
 * described are left out.
 */
final class DescribeShareGroupOffsetsAuthorizer implements ApiAuthorizer<DescribeShareGroupOffsetsRequestData> {

    @Override
    public Outcome decide(DescribeShareGroupOffsetsRequestData request, RequestContext context) {
        Plan plan = new Plan();
        List<DescribeShareGroupOffsetsRequestGroup> passed = new ArrayList<>();
        for (int i = 0; i < request.groups().size(); i++) {
            DescribeShareGroupOffsetsRequestGroup group = request.groups().get(i);
            if (context.allowsGroup(group.groupId(), Operation.DESCRIBE)) {
                plan.passed.add(new PassedGroup(group.topics() == null, takeOutRefused(group, context)));
                passed.add(group);
            } else {
                plan.refused.put(
                        i,
                        new DescribeShareGroupOffsetsResponseGroup()
                                .setGroupId(group.groupId())
                                .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
            }
        }
        if (plan.changesNothing()) {
            return Outcome.FORWARD;
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(
                    new DescribeShareGroupOffsetsResponseData().setGroups(new ArrayList<>(plan.refused.values())));
        }
        return new Outcome.Rewrite(request.setGroups(passed), plan);
    }

    private static List<DescribeShareGroupOffsetsResponseTopic> takeOutRefused(
            DescribeShareGroupOffsetsRequestGroup group, RequestContext context) {
        List<DescribeShareGroupOffsetsResponseTopic> refused = new ArrayList<>();
        if (group.topics() == null) {
            return refused;
        }
        List<DescribeShareGroupOffsetsRequestTopic> passed = new ArrayList<>();
        for (DescribeShareGroupOffsetsRequestTopic topic : group.topics()) {
            if (context.allowsTopic(topic.topicName(), Operation.DESCRIBE)) {
                passed.add(topic);
            } else {
                refused.add(refusedTopic(topic));
            }
        }
        group.setTopics(passed);
        return refused;
    }

    private static DescribeShareGroupOffsetsResponseTopic refusedTopic(DescribeShareGroupOffsetsRequestTopic topic) {
        DescribeShareGroupOffsetsResponseTopic refused =
                new DescribeShareGroupOffsetsResponseTopic().setTopicName(topic.topicName());
        for (int partition : topic.partitions()) {
            refused.partitions()
                    .add(new DescribeShareGroupOffsetsResponsePartition()
                            .setPartitionIndex(partition)
                            .setStartOffset(-1)
                            .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                            .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message()));
        }
        return refused;
    }

    private record PassedGroup(boolean allTopics, List<DescribeShareGroupOffsetsResponseTopic> refused) {}

    /** Groups passed, in order, and refused ones at their places. */
    private static final class Plan implements ResponseEdit<DescribeShareGroupOffsetsResponseData> {
        private final List<PassedGroup> passed = new ArrayList<>();
        private final SortedMap<Integer, DescribeShareGroupOffsetsResponseGroup> refused = new TreeMap<>();

        boolean changesNothing() {
            return refused.isEmpty() && passed.stream().noneMatch(group -> group.allTopics || !group.refused.isEmpty());
        }

        @Override
        public DescribeShareGroupOffsetsResponseData edit(
                DescribeShareGroupOffsetsResponseData response, RequestContext context) {
            Deque<PassedGroup> plans = new ArrayDeque<>(passed);
            List<DescribeShareGroupOffsetsResponseGroup> groups = new ArrayList<>();
            for (DescribeShareGroupOffsetsResponseGroup group : response.groups()) {
                groups.add(edit(group, plans.poll(), context));
            }
            return response.setGroups(Split.interleave(groups, refused));
        }

        private static DescribeShareGroupOffsetsResponseGroup edit(
                DescribeShareGroupOffsetsResponseGroup group, @Nullable PassedGroup plan, RequestContext context) {
            if (group.errorCode() != Errors.NONE.code()) {
                return group;
            }
            if (plan == null || plan.allTopics) {
                group.topics().removeIf(topic -> !context.showsTopic(topic.topicName(), Operation.DESCRIBE));
            } else {
                group.topics().addAll(plan.refused);
            }
            return group;
        }
    }
}
