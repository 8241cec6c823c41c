package dev.weir.proxy.canary.group;

import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.MemberSeen;
import dev.weir.proxy.authorize.RequestContext;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Notes that clients of canaries are members of groups, by requests that only members send. To ask for offsets, or to commit some without
 * being in the group, as who assigns itself partitions may, is no sign.
 */
final class MemberSigns {
    private final Consumer<MemberSeen> seen;

    MemberSigns(Consumer<MemberSeen> seen) {
        this.seen = seen;
    }

    /** A request goes on. */
    void note(GroupNames names, ApiMessage request, RequestContext context) {
        String memberId = names.use() == GroupUse.OTHER ? null : memberId(request);
        if (memberId == null) {
            return;
        }
        String group = names.one().group(request);
        if (group != null && context.canaries().names(context.service(), context.clientId())) {
            seen.accept(new MemberSeen(new GroupClient(context.service(), context.clientId(), group), memberId));
        }
    }

    /** Of a request that only members send; empty where the member has no id yet. */
    private static @Nullable String memberId(ApiMessage request) {
        if (request instanceof JoinGroupRequestData join) {
            return join.memberId();
        }
        if (request instanceof SyncGroupRequestData sync) {
            return sync.memberId();
        }
        if (request instanceof HeartbeatRequestData beat) {
            return beat.memberId();
        }
        if (request instanceof OffsetCommitRequestData commit) {
            return commit.generationIdOrMemberEpoch() >= 0 ? commit.memberId() : null;
        }
        if (request instanceof ConsumerGroupHeartbeatRequestData beat) {
            return beat.memberEpoch() >= 0 ? beat.memberId() : null;
        }
        if (request instanceof ShareGroupHeartbeatRequestData beat) {
            return beat.memberEpoch() >= 0 ? beat.memberId() : null;
        }
        return request instanceof StreamsGroupHeartbeatRequestData streams && streams.memberEpoch() >= 0
                ? streams.memberId()
                : null;
    }
}
