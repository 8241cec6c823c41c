package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What the four APIs that describe groups share. Each named group needs Describe; refused ones are answered with
 * {@code GROUP_AUTHORIZATION_FAILED} ahead of the broker's answers; the rest goes upstream. In what comes back,
 * {@code AuthorizedOperations} becomes the client's and {@code ClientHost}, which is Weir's own address to the broker,
 * becomes empty.
 */
final class GroupDescription {
    /** In place of a client's address that the broker cannot know. */
    static final String NO_CLIENT_HOST = "";

    private GroupDescription() {}

    /** Splits group ids, in order: gives back those that pass, and adds the answer to each refused one. */
    static <G> List<String> passed(
            List<String> groupIds, RequestContext context, Function<String, G> refusal, List<G> refused) {
        List<String> passed = new ArrayList<>(groupIds.size());
        for (String groupId : groupIds) {
            if (context.allowsGroup(groupId, Operation.DESCRIBE)) {
                passed.add(groupId);
            } else {
                refused.add(refusal.apply(groupId));
            }
        }
        return passed;
    }

    /** @param upstream the broker's field */
    static int authorizedOperations(int upstream, String groupId, RequestContext context) {
        return AuthorizedOperations.both(upstream, context, ResourceType.GROUP, groupId);
    }
}
