package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * ShareGroupHeartbeat: the group needs Read, each subscribed topic Describe. One topic that may not be described refuses
 * the whole heartbeat with {@code TOPIC_AUTHORIZATION_FAILED}. Kafka looks at the member id between group and topics;
 * a bad one is refused with {@code INVALID_REQUEST} there.
 */
final class ShareGroupHeartbeatAuthorizer implements ApiAuthorizer<ShareGroupHeartbeatRequestData> {
    private static final Needs NEEDS = Needs.of(Operation.DESCRIBE, Operation.READ, null);
    private static final int MEMBER_ID_LENGTH_MAX = 36;

    @Override
    public Outcome decide(ShareGroupHeartbeatRequestData request, RequestContext context) {
        short version = context.apiVersion();
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return Refusal.answer(ApiKeys.SHARE_GROUP_HEARTBEAT, request, version, Errors.GROUP_AUTHORIZATION_FAILED);
        }
        String memberId = request.memberId();
        if (memberId.isEmpty() || memberId.length() > MEMBER_ID_LENGTH_MAX) {
            return Refusal.answer(ApiKeys.SHARE_GROUP_HEARTBEAT, request, version, Errors.INVALID_REQUEST);
        }
        return Subscriptions.allDescribable(request.subscribedTopicNames(), context)
                ? Outcome.FORWARD
                : new Outcome.Answer(
                        new ShareGroupHeartbeatResponseData().setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()));
    }

    @Override
    public Needs needs(short version) {
        return NEEDS;
    }
}
