package dev.weir.proxy.authorize;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** DescribeGroups, for groups of the classic protocol. Topics are not looked at: only clients can read assignments. */
final class DescribeGroupsAuthorizer
        extends GroupDescribeAuthorizer<DescribeGroupsRequestData, DescribeGroupsResponseData, DescribedGroup> {

    @Override
    List<String> groupIds(DescribeGroupsRequestData request) {
        return request.groups();
    }

    @Override
    DescribeGroupsRequestData naming(DescribeGroupsRequestData request, List<String> groupIds) {
        return request.setGroups(groupIds);
    }

    @Override
    DescribeGroupsResponseData response() {
        return new DescribeGroupsResponseData();
    }

    @Override
    List<DescribedGroup> groups(DescribeGroupsResponseData response) {
        return response.groups();
    }

    @Override
    DescribeGroupsResponseData describing(DescribeGroupsResponseData response, List<DescribedGroup> groups) {
        return response.setGroups(groups);
    }

    @Override
    DescribedGroup refusal(String groupId) {
        return DescribeGroupsResponse.groupError(groupId, Errors.GROUP_AUTHORIZATION_FAILED);
    }

    @Override
    Stream<String> topics(DescribedGroup group) {
        return Stream.of();
    }

    @Override
    DescribedGroup hidden(DescribedGroup group) {
        return DescribeGroupsResponse.groupError(group.groupId(), Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    @Override
    DescribedGroup clientsOwn(DescribedGroup group, RequestContext context) {
        group.members().forEach(member -> member.setClientHost(NO_CLIENT_HOST));
        return group.setAuthorizedOperations(
                authorizedOperations(group.authorizedOperations(), group.groupId(), context));
    }
}
