package dev.weir.proxy.canary.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.canary.group.SharedGroup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.Test;

/** What a shadow may not do each API refuses, though policy lets its client do everything. */
class ShadowLimitsTest {
    private static ShadowContext shadow(FakeContext client) {
        return Dark.context(client);
    }

    @Test
    void nothingThatOthersHaveIsChanged() {
        CreateTopicsRequestData create = new CreateTopicsRequestData();
        create.topics()
                .add(new CreatableTopic().setName("new").setNumPartitions(1).setReplicationFactor((short) 1));
        CreatePartitionsRequestData partitions = new CreatePartitionsRequestData();
        partitions.topics().add(new CreatePartitionsTopic().setName("bills").setCount(9));
        IncrementalAlterConfigsRequestData configs = new IncrementalAlterConfigsRequestData();
        configs.resources()
                .add(new AlterConfigsResource().setResourceType((byte) 2).setResourceName("receipts"));
        Map<ApiKeys, ApiMessage> changes = Map.of(
                ApiKeys.CREATE_TOPICS,
                create,
                ApiKeys.CREATE_PARTITIONS,
                partitions,
                ApiKeys.DELETE_TOPICS,
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setName("receipts"))),
                ApiKeys.DELETE_RECORDS,
                new DeleteRecordsRequestData().setTopics(List.of(new DeleteRecordsTopic().setName("bills"))),
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                configs,
                ApiKeys.CREATE_ACLS,
                new CreateAclsRequestData(),
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                new AlterUserScramCredentialsRequestData(),
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                new AlterPartitionReassignmentsRequestData());
        changes.forEach((api, request) -> {
            FakeContext client = Dark.client(api.latestVersion(), SharedGroup.DARK);
            assertThat(Dark.decide(api, request, shadow(client))).as(api.name).isInstanceOf(Outcome.Answer.class);
            assertThat(client.denials())
                    .as(api.name)
                    .isNotEmpty()
                    .allSatisfy(denial -> assertThat(denial).endsWith(":dark"));
        });
    }

    @Test
    void worksInItsOwnGroupAlone() {
        for (String group : List.of("other", "g", "h~canary")) {
            Map<ApiKeys, ApiMessage> work = Map.of(
                    ApiKeys.JOIN_GROUP,
                    join(group),
                    ApiKeys.HEARTBEAT,
                    new HeartbeatRequestData().setGroupId(group),
                    ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                    new ConsumerGroupHeartbeatRequestData().setGroupId(group).setMemberId("m"),
                    ApiKeys.OFFSET_COMMIT,
                    new OffsetCommitRequestData().setGroupId(group),
                    ApiKeys.TXN_OFFSET_COMMIT,
                    new TxnOffsetCommitRequestData().setTransactionalId("t").setGroupId(group),
                    ApiKeys.OFFSET_DELETE,
                    new OffsetDeleteRequestData().setGroupId(group),
                    ApiKeys.DELETE_GROUPS,
                    new DeleteGroupsRequestData().setGroupsNames(List.of(group)),
                    ApiKeys.SHARE_GROUP_HEARTBEAT,
                    new ShareGroupHeartbeatRequestData().setGroupId(group).setMemberId("m"));
            work.forEach((api, request) -> {
                FakeContext client = Dark.client(api.latestVersion(), SharedGroup.DARK);
                assertThat(Dark.decide(api, request, shadow(client)))
                        .as(api.name + " " + group)
                        .isInstanceOf(Outcome.Answer.class);
            });
        }
        FakeContext client = Dark.client(4, SharedGroup.DARK);
        Outcome beat = Dark.decide(ApiKeys.HEARTBEAT, new HeartbeatRequestData().setGroupId("h"), shadow(client));
        assertThat(OnTheWire.upstream(beat, HeartbeatRequestData.class, client).groupId())
                .isEqualTo("h~canary");
        assertThat(Dark.decide(
                        ApiKeys.SHARE_GROUP_HEARTBEAT,
                        new ShareGroupHeartbeatRequestData().setGroupId("h").setMemberId("m"),
                        shadow(Dark.client(1, SharedGroup.DARK))))
                .as("brokers know one share group of that name")
                .isInstanceOf(Outcome.Answer.class);
    }

    private static JoinGroupRequestData join(String group) {
        JoinGroupRequestData join = new JoinGroupRequestData().setGroupId(group).setProtocolType("consumer");
        join.protocols().add(new JoinGroupRequestProtocol().setName("range"));
        return join;
    }

    @Test
    void readsWhatPolicyLetsItReadButNotWhatItWrites() {
        FakeContext client = Dark.client(1, SharedGroup.DARK);
        ShadowContext shadow = shadow(client);
        assertThat(shadow.allowsTopic("bills", Operation.READ)).isTrue();
        assertThat(shadow.allowsTopic("audit", Operation.READ)).isTrue();
        assertThat(shadow.allowsTopic("receipts", Operation.READ)).isFalse();
        assertThat(shadow.allowsTopic("receipts.shadow", Operation.READ)).isTrue();
        assertThat(client.denials()).containsExactly("TOPIC:receipts:READ:dark");
        assertThat(operations(shadow, ResourceType.TOPIC, "bills"))
                .isEqualTo(Set.of(Operation.READ, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS));
        assertThat(operations(shadow, ResourceType.TOPIC, "receipts"))
                .isEqualTo(Set.of(Operation.WRITE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS));
        assertThat(operations(shadow, ResourceType.CLUSTER, ResourceType.CLUSTER_NAME))
                .isEqualTo(Set.of(Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS, Operation.IDEMPOTENT_WRITE));
    }

    private static Set<Operation> operations(ShadowContext shadow, ResourceType type, String name) {
        int bits = shadow.authorizedOperations(type, name);
        return java.util.Arrays.stream(Operation.values())
                .filter(operation -> (bits & operation.bit()) != 0)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void nobodyElseIsAShadow() {
        for (String clientId : List.of(SharedGroup.LIGHT, SharedGroup.NEITHER, "old-1", "new-1")) {
            assertThat(SharedGroup.policy().canaries().shadowing(SharedGroup.SERVICE, clientId))
                    .as(clientId)
                    .isNull();
        }
        assertThat(SharedGroup.policy().canaries().reading(SharedGroup.SERVICE, SharedGroup.LIGHT, "bills"))
                .as("nothing is taken out of what they fetch")
                .isNull();
        assertThat(SharedGroup.policy().canaries().reading(SharedGroup.SERVICE, SharedGroup.DARK, "bills"))
                .isNull();
    }
}
