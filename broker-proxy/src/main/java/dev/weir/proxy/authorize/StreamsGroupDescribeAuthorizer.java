package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TopicInfo;
import org.apache.kafka.common.protocol.Errors;

/**
 * StreamsGroupDescribe: see {@link GroupDescription}. A group whose topology has a topic that the client may not
 * describe is answered with {@code TOPIC_AUTHORIZATION_FAILED}, without members and without topology. A member's
 * {@code UserEndpoint} is the application's own address and stays.
 */
final class StreamsGroupDescribeAuthorizer implements ApiAuthorizer<StreamsGroupDescribeRequestData> {

    @Override
    public Outcome decide(StreamsGroupDescribeRequestData request, RequestContext context) {
        List<DescribedGroup> refused = new ArrayList<>();
        List<String> passed =
                GroupDescription.passed(request.groupIds(), context, StreamsGroupDescribeAuthorizer::refusal, refused);
        if (refused.isEmpty()) {
            return new Outcome.Forward(editing(refused));
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(new StreamsGroupDescribeResponseData().setGroups(refused));
        }
        return new Outcome.Rewrite(request.setGroupIds(passed), editing(refused));
    }

    private static DescribedGroup refusal(String groupId) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }

    private static ResponseEdit<StreamsGroupDescribeResponseData> editing(List<DescribedGroup> refused) {
        return (response, context) -> {
            List<DescribedGroup> groups = new ArrayList<>(refused);
            for (DescribedGroup group : response.groups()) {
                groups.add(shown(group, context));
            }
            return response.setGroups(groups);
        };
    }

    private static DescribedGroup shown(DescribedGroup group, RequestContext context) {
        boolean hidden = group.topology() != null
                && group.topology().subtopologies().stream()
                        .flatMap(StreamsGroupDescribeAuthorizer::topics)
                        .distinct()
                        .anyMatch(topic -> !context.allowsTopic(topic, Operation.DESCRIBE));
        if (hidden) {
            return new DescribedGroup()
                    .setGroupId(group.groupId())
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                    .setErrorMessage("The described group uses topics that the client is not authorized to describe.")
                    .setTopology(null);
        }
        group.setAuthorizedOperations(
                GroupDescription.authorizedOperations(group.authorizedOperations(), group.groupId(), context));
        group.members().forEach(member -> member.setClientHost(GroupDescription.NO_CLIENT_HOST));
        return group;
    }

    private static Stream<String> topics(Subtopology subtopology) {
        return Stream.of(
                        subtopology.sourceTopics().stream(),
                        subtopology.repartitionSinkTopics().stream(),
                        subtopology.repartitionSourceTopics().stream().map(TopicInfo::name),
                        subtopology.stateChangelogTopics().stream().map(TopicInfo::name))
                .flatMap(names -> names);
    }
}
