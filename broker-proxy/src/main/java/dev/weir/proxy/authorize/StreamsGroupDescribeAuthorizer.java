package dev.weir.proxy.authorize;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TopicInfo;
import org.apache.kafka.common.protocol.Errors;

/**
 * StreamsGroupDescribe: a group shows the topics of its topology. A member's {@code UserEndpoint} is the application's own
 * address and stays.
 */
final class StreamsGroupDescribeAuthorizer
        extends GroupDescribeAuthorizer<
                StreamsGroupDescribeRequestData, StreamsGroupDescribeResponseData, DescribedGroup> {

    @Override
    List<String> groupIds(StreamsGroupDescribeRequestData request) {
        return request.groupIds();
    }

    @Override
    StreamsGroupDescribeRequestData naming(StreamsGroupDescribeRequestData request, List<String> groupIds) {
        return request.setGroupIds(groupIds);
    }

    @Override
    StreamsGroupDescribeResponseData response() {
        return new StreamsGroupDescribeResponseData();
    }

    @Override
    List<DescribedGroup> groups(StreamsGroupDescribeResponseData response) {
        return response.groups();
    }

    @Override
    StreamsGroupDescribeResponseData describing(
            StreamsGroupDescribeResponseData response, List<DescribedGroup> groups) {
        return response.setGroups(groups);
    }

    @Override
    DescribedGroup refusal(String groupId) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }

    @Override
    Stream<String> topics(DescribedGroup group) {
        return group.topology() == null
                ? Stream.of()
                : group.topology().subtopologies().stream().flatMap(StreamsGroupDescribeAuthorizer::topics);
    }

    private static Stream<String> topics(Subtopology subtopology) {
        return Stream.of(
                        subtopology.sourceTopics().stream(),
                        subtopology.repartitionSinkTopics().stream(),
                        subtopology.repartitionSourceTopics().stream().map(TopicInfo::name),
                        subtopology.stateChangelogTopics().stream().map(TopicInfo::name))
                .flatMap(names -> names);
    }

    @Override
    DescribedGroup hidden(DescribedGroup group) {
        return new DescribedGroup()
                .setGroupId(group.groupId())
                .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                .setErrorMessage("The described group uses topics that the client is not authorized to describe.")
                .setTopology(null);
    }

    @Override
    DescribedGroup clientsOwn(DescribedGroup group, RequestContext context) {
        group.members().forEach(member -> member.setClientHost(NO_CLIENT_HOST));
        return group.setAuthorizedOperations(
                authorizedOperations(group.authorizedOperations(), group.groupId(), context));
    }
}
