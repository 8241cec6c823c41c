package dev.weir.proxy.canary.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.member.GroupClient;
import dev.weir.canary.member.MemberSeen;
import dev.weir.policy.decide.Operation;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/** What a client says by which it is known to be a member. */
class MemberSignsTest {
    private final List<MemberSeen> seen = new ArrayList<>();
    private final CanaryGroups groups = new CanaryGroups(canary -> true, (canary, topic, partition) -> 0, seen::add);

    private void send(ApiKeys api, ApiMessage request, String clientId) {
        FakeContext context = new FakeContext(api.latestVersion())
                .clientId(clientId)
                .canaries(SharedGroup.policy().canaries(), SharedGroup.SERVICE)
                .topics("orders")
                .allowTopic(FakeContext.ANY, Operation.READ)
                .allowGroup("g", Operation.READ)
                .allowGroup("other", Operation.READ);
        groups.decide(ApiAuthorizers.of(api), api, request, context);
    }

    private static JoinGroupRequestData join(String group) {
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId(group).setProtocolType("consumer");
        join.protocols().add(new JoinGroupRequestProtocol().setName("range"));
        return join;
    }

    private static MemberSeen sign(String clientId, String group, String memberId) {
        return new MemberSeen(new GroupClient(SharedGroup.SERVICE, clientId, group), memberId);
    }

    @Test
    void whatOnlyMembersSendIsASign() {
        MemberSeen stable = sign(SharedGroup.STABLE, "g", "m");
        send(ApiKeys.JOIN_GROUP, join("g"), SharedGroup.STABLE);
        send(
                ApiKeys.SYNC_GROUP,
                new SyncGroupRequestData()
                        .setGroupId("g")
                        .setProtocolType("consumer")
                        .setProtocolName("range")
                        .setMemberId("m"),
                SharedGroup.STABLE);
        send(ApiKeys.HEARTBEAT, new HeartbeatRequestData().setGroupId("g").setMemberId("m"), SharedGroup.STABLE);
        send(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("g")
                        .setMemberId("m")
                        .setMemberEpoch(0),
                SharedGroup.STABLE);
        send(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequestData()
                        .setGroupId("g")
                        .setGenerationIdOrMemberEpoch(4)
                        .setMemberId("m"),
                SharedGroup.STABLE);
        assertThat(seen).containsExactly(sign(SharedGroup.STABLE, "g", ""), stable, stable, stable, stable);
    }

    @Test
    void theNewVersionIsKnownByTheNameThatItUses() {
        send(ApiKeys.HEARTBEAT, new HeartbeatRequestData().setGroupId("g"), SharedGroup.CANARY);
        assertThat(seen).containsExactly(sign(SharedGroup.CANARY, "g", ""));
    }

    @Test
    void otherGroupsOfItsClientsAreNoted() {
        send(ApiKeys.JOIN_GROUP, join("other"), SharedGroup.STABLE);
        assertThat(seen).containsExactly(sign(SharedGroup.STABLE, "other", ""));
    }

    @Test
    void whatAnybodyMaySendIsNone() {
        send(
                ApiKeys.OFFSET_COMMIT,
                new OffsetCommitRequestData().setGroupId("g").setGenerationIdOrMemberEpoch(-1),
                SharedGroup.STABLE);
        send(
                ApiKeys.OFFSET_FETCH,
                new OffsetFetchRequestData()
                        .setGroups(List.of(new OffsetFetchRequestData.OffsetFetchRequestGroup().setGroupId("g"))),
                SharedGroup.STABLE);
        send(
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                new ConsumerGroupHeartbeatRequestData()
                        .setGroupId("g")
                        .setMemberId("m")
                        .setMemberEpoch(-1),
                SharedGroup.STABLE);
        assertThat(seen).isEmpty();
    }

    @Test
    void whatIsRefusedAndClientsOfNoCanaryAreNone() {
        send(ApiKeys.JOIN_GROUP, join("secret"), SharedGroup.STABLE);
        send(ApiKeys.JOIN_GROUP, join("g"), SharedGroup.NEITHER);
        send(ApiKeys.JOIN_GROUP, join("other"), SharedGroup.NEITHER);
        assertThat(seen).isEmpty();
    }
}
