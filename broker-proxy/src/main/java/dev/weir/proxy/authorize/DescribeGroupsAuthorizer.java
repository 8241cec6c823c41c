package dev.weir.proxy.authorize;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeGroupsResponse;

/** DescribeGroups, for groups of the classic protocol: see {@link GroupDescription}. Topics are not looked at. */
final class DescribeGroupsAuthorizer implements ApiAuthorizer<DescribeGroupsRequestData> {

    @Override
    public Outcome decide(DescribeGroupsRequestData request, RequestContext context) {
        List<DescribedGroup> refused = new ArrayList<>();
        List<String> passed = GroupDescription.passed(
                request.groups(),
                context,
                groupId -> DescribeGroupsResponse.groupError(groupId, Errors.GROUP_AUTHORIZATION_FAILED),
                refused);
        if (refused.isEmpty()) {
            return new Outcome.Forward(editing(refused));
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(new DescribeGroupsResponseData().setGroups(refused));
        }
        return new Outcome.Rewrite(request.setGroups(passed), editing(refused));
    }

    private static ResponseEdit<DescribeGroupsResponseData> editing(List<DescribedGroup> refused) {
        return (response, context) -> {
            for (DescribedGroup group : response.groups()) {
                group.setAuthorizedOperations(
                        GroupDescription.authorizedOperations(group.authorizedOperations(), group.groupId(), context));
                group.members().forEach(member -> member.setClientHost(GroupDescription.NO_CLIENT_HOST));
            }
            response.groups().addAll(0, refused);
            return response;
        };
    }
}
