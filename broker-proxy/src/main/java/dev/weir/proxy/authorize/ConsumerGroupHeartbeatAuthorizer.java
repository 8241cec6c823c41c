package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.proxy.authorize.Subscriptions.Member;
import dev.weir.proxy.authorize.Subscriptions.Subscription;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * ConsumerGroupHeartbeat: the group needs Read, each subscribed topic Describe. One topic that may not be described
 * refuses the whole heartbeat with {@code TOPIC_AUTHORIZATION_FAILED}.
 *
 * <p>From version 1 on a member may subscribe by regular expression. The broker would resolve it with Weir's rights, so
 * the broker never gets to see one: it is told the matching names that this member may describe, next to those that the
 * member gave itself. They are resolved again with every heartbeat, and sent again when topics or policy have changed
 * them. A malformed expression is answered here, before the broker has looked at the member.
 */
final class ConsumerGroupHeartbeatAuthorizer implements ApiAuthorizer<ConsumerGroupHeartbeatRequestData> {
    private static final Needs NEEDS = Needs.of(Operation.DESCRIBE, Operation.READ, null);
    private static final short REGEX_SINCE = 1;
    private static final int JOINING = 0;
    /** Takes back whatever expression the broker has for a member. */
    private static final String NO_REGEX = "";

    @Override
    public Outcome decide(ConsumerGroupHeartbeatRequestData request, RequestContext context) {
        short version = context.apiVersion();
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return Refusal.answer(
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT, request, version, Errors.GROUP_AUTHORIZATION_FAILED);
        }
        if (!Subscriptions.allDescribable(request.subscribedTopicNames(), context)) {
            return refused(Errors.TOPIC_AUTHORIZATION_FAILED, null);
        }
        if (version < REGEX_SINCE) {
            return Outcome.FORWARD;
        }
        Subscriptions subscriptions = context.connectionState(Subscriptions.class, Subscriptions::new);
        Member member = new Member(request.groupId(), request.memberId());
        if (request.memberEpoch() < JOINING) {
            subscriptions.remove(member);
            return Outcome.FORWARD;
        }
        return subscribed(request, context, subscriptions, member);
    }

    private static Outcome subscribed(
            ConsumerGroupHeartbeatRequestData request,
            RequestContext context,
            Subscriptions subscriptions,
            Member member) {
        boolean joining = request.memberEpoch() == JOINING;
        boolean named = request.subscribedTopicNames() != null;
        boolean matched = request.subscribedTopicRegex() != null;
        if (joining && !named && !matched) {
            return Outcome.FORWARD;
        }
        Subscription known = joining ? null : subscriptions.get(member);
        if (known == null && !named && !matched) {
            return Outcome.FORWARD;
        }
        TopicPattern pattern = known == null ? null : known.pattern();
        if (matched) {
            try {
                pattern = compile(request.subscribedTopicRegex());
            } catch (InvalidRegularExpression e) {
                return refused(Errors.INVALID_REGULAR_EXPRESSION, e.getMessage());
            }
        }
        List<String> names = named ? request.subscribedTopicNames() : known == null ? List.of() : known.names();
        List<String> sent = pattern == null ? List.copyOf(names) : pattern.resolve(names, context);
        boolean unchanged = !named && !matched && known != null && sent.equals(known.sent());
        if (unchanged) {
            return Outcome.FORWARD;
        }
        ResponseEdit<ConsumerGroupHeartbeatResponseData> edit =
                rememberingIfTaken(subscriptions, member, new Subscription(List.copyOf(names), pattern, sent));
        boolean byNameOnly = pattern == null && (known == null || known.pattern() == null);
        if (byNameOnly) {
            return new Outcome.Forward(edit);
        }
        request.setSubscribedTopicNames(new ArrayList<>(sent)).setSubscribedTopicRegex(NO_REGEX);
        return new Outcome.Rewrite(request, edit);
    }

    private static @Nullable TopicPattern compile(String regex) {
        return regex.isEmpty() ? null : TopicPattern.compile(regex);
    }

    private static ResponseEdit<ConsumerGroupHeartbeatResponseData> rememberingIfTaken(
            Subscriptions subscriptions, Member member, Subscription subscription) {
        return (response, context) -> {
            if (response.errorCode() == Errors.NONE.code()) {
                subscriptions.put(member, subscription);
            }
            return response;
        };
    }

    private static Outcome refused(Errors error, @Nullable String message) {
        return new Outcome.Answer(new ConsumerGroupHeartbeatResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message));
    }

    @Override
    public Needs needs(short version) {
        return version < REGEX_SINCE ? NEEDS : Needs.DECODE;
    }
}
