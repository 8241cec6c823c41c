package dev.weir.proxy.authorize;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.TopicPartitions;
import org.apache.kafka.common.protocol.Errors;

/** ShareGroupDescribe: a member shows what it has assigned. */
final class ShareGroupDescribeAuthorizer
        extends GroupDescribeAuthorizer<ShareGroupDescribeRequestData, ShareGroupDescribeResponseData, DescribedGroup> {

    @Override
    List<String> groupIds(ShareGroupDescribeRequestData request) {
        return request.groupIds();
    }

    @Override
    ShareGroupDescribeRequestData naming(ShareGroupDescribeRequestData request, List<String> groupIds) {
        return request.setGroupIds(groupIds);
    }

    @Override
    ShareGroupDescribeResponseData response() {
        return new ShareGroupDescribeResponseData();
    }

    @Override
    List<DescribedGroup> groups(ShareGroupDescribeResponseData response) {
        return response.groups();
    }

    @Override
    ShareGroupDescribeResponseData describing(ShareGroupDescribeResponseData response, List<DescribedGroup> groups) {
        return response.setGroups(groups);
    }

    @Override
    DescribedGroup refusal(String groupId) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }

    @Override
    Stream<String> topics(DescribedGroup group) {
        return group.members().stream()
                .flatMap(member -> member.assignment().topicPartitions().stream())
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
