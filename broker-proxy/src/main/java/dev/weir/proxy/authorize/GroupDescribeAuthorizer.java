package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * What the four APIs that describe groups share. Each named group needs Describe; refused ones are answered with
 * {@code GROUP_AUTHORIZATION_FAILED} ahead of the broker's answers; the rest goes upstream. In what comes back, a group
 * with a topic that the client may not describe is answered with {@code TOPIC_AUTHORIZATION_FAILED} and nothing else of
 * it; of the others, {@code AuthorizedOperations} becomes the client's and {@code ClientHost}, which is Weir's own address
 * to the broker, becomes empty.
 *
 * @param <Q> the request
 * @param <S> the response
 * @param <G> one group in it
 */
abstract class GroupDescribeAuthorizer<Q extends ApiMessage, S extends ApiMessage, G> implements ApiAuthorizer<Q> {
    /** In place of a client's address that the broker cannot know. */
    static final String NO_CLIENT_HOST = "";

    @Override
    public final Outcome decide(Q request, RequestContext context) {
        List<String> passed = new ArrayList<>();
        List<G> refused = new ArrayList<>();
        for (String groupId : groupIds(request)) {
            if (context.allowsGroup(groupId, Operation.DESCRIBE)) {
                passed.add(groupId);
            } else {
                refused.add(refusal(groupId));
            }
        }
        ResponseEdit<S> edit = (response, later) -> {
            List<G> groups = new ArrayList<>(refused);
            groups(response).forEach(group -> groups.add(shown(group, later)));
            return describing(response, groups);
        };
        if (refused.isEmpty()) {
            return new Outcome.Forward(edit);
        }
        if (passed.isEmpty()) {
            return new Outcome.Answer(describing(response(), refused));
        }
        return new Outcome.Rewrite(naming(request, passed), edit);
    }

    private G shown(G group, RequestContext context) {
        boolean hidden = topics(group).distinct().anyMatch(topic -> !context.allowsTopic(topic, Operation.DESCRIBE));
        return hidden ? hidden(group) : clientsOwn(group, context);
    }

    /** @param upstream the broker's field */
    static int authorizedOperations(int upstream, String groupId, RequestContext context) {
        return AuthorizedOperations.both(upstream, context, ResourceType.GROUP, groupId);
    }

    abstract List<String> groupIds(Q request);

    /** The request for these groups alone. */
    abstract Q naming(Q request, List<String> groupIds);

    /** A response with nothing in it. */
    abstract S response();

    abstract List<G> groups(S response);

    /** The response with these groups. */
    abstract S describing(S response, List<G> groups);

    abstract G refusal(String groupId);

    /** All topics that a group's description names; none where Kafka does not look. */
    abstract Stream<String> topics(G group);

    abstract G hidden(G group);

    /** The group with operations and hosts as the client is to see them. */
    abstract G clientsOwn(G group, RequestContext context);
}
