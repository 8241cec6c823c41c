package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.function.Function;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * JoinGroup, SyncGroup, Heartbeat and LeaveGroup: the group is named, Read on it is needed, and a refusal is the
 * response's own error code, {@code GROUP_AUTHORIZATION_FAILED}. What members tell each other inside the protocol
 * metadata and the assignments is theirs, as it is with Kafka.
 */
final class GroupMemberAuthorizer<Q extends ApiMessage> implements ApiAuthorizer<Q> {
    private static final Needs NEEDS = Needs.of(null, Operation.READ, null);
    /** From this SyncGroup version on, Kafka looks at the protocol before it looks at the group. */
    private static final short SYNC_PROTOCOL_MANDATORY = 5;

    private final ApiKeys api;
    private final Function<Q, String> groupId;

    private GroupMemberAuthorizer(ApiKeys api, Function<Q, String> groupId) {
        this.api = api;
        this.groupId = groupId;
    }

    static GroupMemberAuthorizer<JoinGroupRequestData> joinGroup() {
        return new GroupMemberAuthorizer<>(ApiKeys.JOIN_GROUP, JoinGroupRequestData::groupId);
    }

    static GroupMemberAuthorizer<SyncGroupRequestData> syncGroup() {
        return new GroupMemberAuthorizer<>(ApiKeys.SYNC_GROUP, SyncGroupRequestData::groupId);
    }

    static GroupMemberAuthorizer<HeartbeatRequestData> heartbeat() {
        return new GroupMemberAuthorizer<>(ApiKeys.HEARTBEAT, HeartbeatRequestData::groupId);
    }

    static GroupMemberAuthorizer<LeaveGroupRequestData> leaveGroup() {
        return new GroupMemberAuthorizer<>(ApiKeys.LEAVE_GROUP, LeaveGroupRequestData::groupId);
    }

    @Override
    public Outcome decide(Q request, RequestContext context) {
        short version = context.apiVersion();
        if (request instanceof SyncGroupRequestData sync && lacksProtocol(sync, version)) {
            return Refusal.answer(api, request, version, Errors.INCONSISTENT_GROUP_PROTOCOL);
        }
        return context.allowsGroup(groupId.apply(request), Operation.READ)
                ? Outcome.FORWARD
                : Refusal.answer(api, request, version, Errors.GROUP_AUTHORIZATION_FAILED);
    }

    private static boolean lacksProtocol(SyncGroupRequestData request, short version) {
        return version >= SYNC_PROTOCOL_MANDATORY && (request.protocolType() == null || request.protocolName() == null);
    }

    @Override
    public Needs needs(short version) {
        return NEEDS;
    }
}
