package dev.weir.proxy.authorize;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;

/** ConsumerGroupDescribe: a member shows what it has assigned, and what it is to have. */
final class ConsumerGroupDescribeAuthorizer
        extends GroupDescribeAuthorizer<
                ConsumerGroupDescribeRequestData, ConsumerGroupDescribeResponseData, DescribedGroup> {

    @Override
    List<String> groupIds(ConsumerGroupDescribeRequestData request) {
        return request.groupIds();
    }

    @Override
    ConsumerGroupDescribeRequestData naming(ConsumerGroupDescribeRequestData request, List<String> groupIds) {
        return request.setGroupIds(groupIds);
    }

    @Override
    ConsumerGroupDescribeResponseData response() {
        return new ConsumerGroupDescribeResponseData();
    }

    @Override
    List<DescribedGroup> groups(ConsumerGroupDescribeResponseData response) {
        return response.groups();
    }

    @Override
    ConsumerGroupDescribeResponseData describing(
            ConsumerGroupDescribeResponseData response, List<DescribedGroup> groups) {
        return response.setGroups(groups);
    }

    @Override
    DescribedGroup refusal(String groupId) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }

    @Override
    Stream<String> topics(DescribedGroup group) {
        return group.members().stream()
                .flatMap(member -> Stream.of(member.assignment(), member.targetAssignment()))
                .flatMap(assignment -> assignment.topicPartitions().stream())
                .map(TopicPartitions::topicName);
    }

    @Override
    DescribedGroup hidden(DescribedGroup group) {
        return new DescribedGroup()
                .setGroupId(group.groupId())
                .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                .setErrorMessage("The group has described topic(s) that the client is not authorized to describe.");
    }

    @Override
    DescribedGroup clientsOwn(DescribedGroup group, RequestContext context) {
        group.members().forEach(member -> member.setClientHost(NO_CLIENT_HOST));
        return group.setAuthorizedOperations(
                authorizedOperations(group.authorizedOperations(), group.groupId(), context));
    }
}
