package dev.weir.proxy.canary.group;

import dev.weir.canary.member.GroupClient;
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

/**
 * Notes that clients of canaries are members of groups, by requests that only members send. To ask for offsets, or to commit some without
 * being in the group, as who assigns itself partitions may, is no sign.
 */
final class MemberSigns {
    private final Consumer<GroupClient> seen;

    MemberSigns(Consumer<GroupClient> seen) {
        this.seen = seen;
    }

    /** A request goes on. */
    void note(GroupNames names, ApiMessage request, RequestContext context) {
        if (names.use() == GroupUse.OTHER || !isMembers(request)) {
            return;
        }
        String group = names.one().group(request);
        if (group != null && context.canaries().names(context.service(), context.clientId())) {
            seen.accept(new GroupClient(context.service(), context.clientId(), group));
        }
    }

    private static boolean isMembers(ApiMessage request) {
        if (request instanceof OffsetCommitRequestData commit) {
            return commit.generationIdOrMemberEpoch() >= 0;
        }
        if (request instanceof ConsumerGroupHeartbeatRequestData beat) {
            return beat.memberEpoch() >= 0;
        }
        if (request instanceof ShareGroupHeartbeatRequestData beat) {
            return beat.memberEpoch() >= 0;
        }
        if (request instanceof StreamsGroupHeartbeatRequestData beat) {
            return beat.memberEpoch() >= 0;
        }
        return request instanceof JoinGroupRequestData
                || request instanceof SyncGroupRequestData
                || request instanceof HeartbeatRequestData;
    }
}
