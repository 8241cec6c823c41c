package dev.weir.proxy.canary.group;

import dev.weir.canary.Side;
import dev.weir.policy.decide.Canaries;
import dev.weir.policy.decide.CanaryMember;
import dev.weir.policy.decide.Decision;
import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.policy.decide.ScopedCanary;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.Refusal;
import dev.weir.proxy.authorize.RequestContext;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Who may work in a group that a canary shares: consumers of one of its two sides. Anybody else would get records that are filtered
 * for nobody, or would move offsets that are not its own.
 */
final class Admission {
    private static final String MESSAGE = "refused by a canary";
    private static final String CONSUMERS = "consumer";
    /** The assignor of Kafka Streams: its members keep state by partition, whoever owns a key. */
    private static final String STREAMS_ASSIGNOR = "stream";

    private static final int JOINING = 0;
    /** How long a member is quiet before it asks again whether it may join. */
    static final int AGAIN_MILLIS = 250;

    private final CanaryReadiness readiness;

    Admission(CanaryReadiness readiness) {
        this.readiness = readiness;
    }

    /** The answer to a request that may not go on; {@code null} for one that may, as far as canaries have a say. */
    @Nullable
    Outcome refuse(GroupNames names, ApiKeys api, ApiMessage request, RequestContext context) {
        if (names.use() == GroupUse.OTHER || isLeaving(request)) {
            return null;
        }
        Canaries canaries = context.canaries();
        String group = names.one().group(request);
        ScopedCanary canary = group == null ? null : canaries.ofGroup(group);
        if (canary == null || !context.showsGroup(canary.group(), Operation.READ)) {
            return null; // it is not shared, or policy has its own answer
        }
        CanaryMember member = canaries.inGroup(context.service(), context.clientId(), canary.group());
        if (canary.isShadow() && (member == null || member.side() == Side.STABLE)) {
            return null; // whoever works in the group itself does so as ever
        }
        if (names.use() == GroupUse.FOREIGN) {
            return refused(canary, Errors.GROUP_AUTHORIZATION_FAILED, "it is no consumer group", api, request, context);
        }
        if (member == null) {
            String reason = "the client is of neither side of the canary";
            return refused(canary, Errors.GROUP_AUTHORIZATION_FAILED, reason, api, request, context);
        }
        if (request instanceof JoinGroupRequestData join && !isConsumer(join)) {
            String reason = "a canary shares the work of plain consumers";
            return refused(canary, Errors.INCONSISTENT_GROUP_PROTOCOL, reason, api, request, context);
        }
        if (member.side() == Side.CANARY && isJoining(request) && !readiness.isOpen(canary)) {
            context.warn(
                    "canary-not-ready",
                    "where canary " + canary.name() + " begins is not known yet, or not to this proxy now",
                    "client told to join again");
            return slowly(Refusal.answer(
                    api, request, context.apiVersion(), Errors.COORDINATOR_LOAD_IN_PROGRESS.exception()));
        }
        return null;
    }

    /** Java's consumers of KIP-848 that are joining ask again at once, however often they are told to. */
    private static Outcome slowly(Outcome refusal) {
        return refusal instanceof Outcome.Answer answer ? new Outcome.Answer(answer.response(), AGAIN_MILLIS) : refusal;
    }

    private static Outcome refused(
            ScopedCanary canary, Errors error, String reason, ApiKeys api, ApiMessage request, RequestContext context) {
        context.denied(ResourceType.GROUP, canary.group(), Operation.READ, new Decision(false, true, canary.rule()));
        context.warn(
                "canary-" + error.name(),
                "group " + canary.group() + " is shared by canary " + canary.rule() + ": " + reason,
                MESSAGE);
        return Refusal.answer(api, request, context.apiVersion(), error.exception(MESSAGE + ": " + reason));
    }

    private static boolean isConsumer(JoinGroupRequestData join) {
        return join.protocolType().equals(CONSUMERS)
                && join.protocols().stream()
                        .noneMatch(protocol -> protocol.name().equals(STREAMS_ASSIGNOR));
    }

    private static boolean isJoining(ApiMessage request) {
        return request instanceof JoinGroupRequestData
                || (request instanceof ConsumerGroupHeartbeatRequestData beat && beat.memberEpoch() == JOINING);
    }

    /** Whoever was in a group before it was shared can go. */
    private static boolean isLeaving(ApiMessage request) {
        return (request instanceof ConsumerGroupHeartbeatRequestData beat && beat.memberEpoch() < JOINING)
                || (request instanceof ShareGroupHeartbeatRequestData share && share.memberEpoch() < JOINING)
                || (request instanceof StreamsGroupHeartbeatRequestData streams && streams.memberEpoch() < JOINING);
    }
}
