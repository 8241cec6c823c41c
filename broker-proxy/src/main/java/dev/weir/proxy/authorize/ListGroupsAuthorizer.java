package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;

/**
 * ListGroups: never refused. With Describe on the cluster all groups are shown, but for reserved ones; without it, those
 * that may be described.
 */
final class ListGroupsAuthorizer implements ApiAuthorizer<ListGroupsRequestData> {
    private static final ResponseEdit<ListGroupsResponseData> EDIT = (response, context) -> {
        boolean all = context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.DESCRIBE);
        response.groups().removeIf(group -> !shows(group.groupId(), all, context));
        return response;
    };
    private static final Outcome FILTERED = new Outcome.Forward(EDIT);

    @Override
    public Outcome decide(ListGroupsRequestData request, RequestContext context) {
        return FILTERED;
    }

    private static boolean shows(String groupId, boolean all, RequestContext context) {
        String known = context.canaries().lookedAtAs(context.service(), context.clientId(), groupId);
        return all ? !ReservedNames.isReserved(known) : context.showsGroup(groupId, Operation.DESCRIBE);
    }
}
