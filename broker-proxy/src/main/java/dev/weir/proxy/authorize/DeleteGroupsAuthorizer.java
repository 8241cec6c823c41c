package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.protocol.Errors;

/**
 * DeleteGroups: each group needs Delete. A refused one is taken out and follows the broker's results with
 * {@code GROUP_AUTHORIZATION_FAILED}, once however often it was named.
 */
final class DeleteGroupsAuthorizer implements ApiAuthorizer<DeleteGroupsRequestData> {

    @Override
    public Outcome decide(DeleteGroupsRequestData request, RequestContext context) {
        Set<String> groups = new LinkedHashSet<>(request.groupsNames());
        List<String> refused = new ArrayList<>();
        groups.removeIf(group -> {
            boolean allowed = context.allowsGroup(group, Operation.DELETE);
            if (!allowed) {
                refused.add(group);
            }
            return !allowed;
        });
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (groups.isEmpty()) {
            return new Outcome.Answer(withRefused(new DeleteGroupsResponseData(), refused));
        }
        ResponseEdit<DeleteGroupsResponseData> edit = (response, later) -> withRefused(response, refused);
        return new Outcome.Rewrite(request.setGroupsNames(new ArrayList<>(groups)), edit);
    }

    private static DeleteGroupsResponseData withRefused(DeleteGroupsResponseData response, List<String> refused) {
        for (String group : refused) {
            response.results()
                    .add(new DeletableGroupResult()
                            .setGroupId(group)
                            .setErrorCode(Errors.GROUP_AUTHORIZATION_FAILED.code()));
        }
        return response;
    }
}
