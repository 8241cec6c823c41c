package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.ShareGroupDescribeResponseData.Member;
import org.apache.kafka.common.protocol.Errors;

/**
 * ShareGroupDescribe: see {@link GroupDescription}. A group that has a topic assigned which the client may not describe
 * is answered with {@code TOPIC_AUTHORIZATION_FAILED} and without its members.
 */
final class ShareGroupDescribeAuthorizer implements ApiAuthorizer<ShareGroupDescribeRequestData> {

    @Override
    public Outcome decide(ShareGroupDescribeRequestData request, RequestContext context) {
        List<DescribedGroup> refused = new ArrayList<>();
        List<String> passed =
                GroupDescription.passed(request.groupIds(), context, ShareGroupDescribeAuthorizer::refusal, refused);
        if (refused.isEmpty()) {
            return new Outcome.Forward(editing(refused));
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(new ShareGroupDescribeResponseData().setGroups(refused));
        }
        return new Outcome.Rewrite(request.setGroupIds(passed), editing(refused));
    }

    private static DescribedGroup refusal(String groupId) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code());
    }

    private static ResponseEdit<ShareGroupDescribeResponseData> editing(List<DescribedGroup> refused) {
        return (response, context) -> {
            List<DescribedGroup> groups = new ArrayList<>(refused);
            for (DescribedGroup group : response.groups()) {
                groups.add(shown(group, context));
            }
            return response.setGroups(groups);
        };
    }

    private static DescribedGroup shown(DescribedGroup group, RequestContext context) {
        boolean hidden = group.members().stream()
                .flatMap(ShareGroupDescribeAuthorizer::topics)
                .distinct()
                .anyMatch(topic -> !context.allowsTopic(topic, Operation.DESCRIBE));
        if (hidden) {
            return new DescribedGroup()
                    .setGroupId(group.groupId())
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                    .setErrorMessage("The group has described topic(s) that the client is not authorized to describe.");
        }
        group.setAuthorizedOperations(
                GroupDescription.authorizedOperations(group.authorizedOperations(), group.groupId(), context));
        group.members().forEach(member -> member.setClientHost(GroupDescription.NO_CLIENT_HOST));
        return group;
    }

    private static Stream<String> topics(Member member) {
        return member.assignment().topicPartitions().stream().map(partitions -> partitions.topicName());
    }
}
