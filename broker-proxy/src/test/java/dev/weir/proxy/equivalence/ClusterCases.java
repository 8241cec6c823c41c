package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.changing;
import static dev.weir.proxy.equivalence.Case.reading;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** The cluster: its partitions, its users, its rules and its brokers. */
final class ClusterCases {
    private static final byte ANY = 1;
    private static final byte TOPIC = 2;
    private static final byte LITERAL = 3;
    private static final byte READ = 3;
    private static final byte ALLOW = 3;
    private static final byte SCRAM_SHA_256 = 1;

    private ClusterCases() {}

    static Stream<Case> all() {
        return Stream.of(partitions(), users(), brokers(), empty()).flatMap(each -> each);
    }

    /** Requests that ask for nothing are decided too. */
    private static Stream<Case> empty() {
        return Stream.of(
                        ApiKeys.ELECT_LEADERS,
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        ApiKeys.ALTER_REPLICA_LOG_DIRS,
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        ApiKeys.ALTER_CLIENT_QUOTAS,
                        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                        ApiKeys.CREATE_ACLS,
                        ApiKeys.DELETE_ACLS,
                        ApiKeys.DESCRIBE_QUORUM)
                .map(api -> reading(
                                api,
                                "nothing",
                                (s, v) -> ApiMessageType.fromApiKey(api.id).newRequest())
                        .masking("partitionSize", "totalBytes", "usableBytes"));
    }

    private static Stream<Case> partitions() {
        return Stream.of(
                reading(ApiKeys.ELECT_LEADERS, "topics", (s, v) -> elect(s)),
                reading(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, "topics", (s, v) -> reassign(s)),
                reading(
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        "all",
                        (s, v) -> new ListPartitionReassignmentsRequestData()),
                reading(ApiKeys.ALTER_REPLICA_LOG_DIRS, "topics", (s, v) -> moveReplicas(s)),
                reading(ApiKeys.DESCRIBE_LOG_DIRS, "all", (s, v) -> new DescribeLogDirsRequestData().setTopics(null))
                        .masking("partitionSize", "totalBytes", "usableBytes"));
    }

    private static ApiMessage elect(Scene s) {
        ElectLeadersRequestData request = new ElectLeadersRequestData();
        DataCases.TOPICS.forEach(role -> request.topicPartitions()
                .add(new ElectLeadersRequestData.TopicPartitions()
                        .setTopic(s.name(role))
                        .setPartitions(List.of(0))));
        return request;
    }

    private static ApiMessage reassign(Scene s) {
        return new AlterPartitionReassignmentsRequestData()
                .setTopics(DataCases.TOPICS.stream()
                        .map(role -> new AlterPartitionReassignmentsRequestData.ReassignableTopic()
                                .setName(s.name(role))
                                .setPartitions(
                                        List.of(new AlterPartitionReassignmentsRequestData.ReassignablePartition()
                                                .setReplicas(List.of(77)))))
                        .toList());
    }

    private static ApiMessage moveReplicas(Scene s) {
        AlterReplicaLogDirsRequestData.AlterReplicaLogDir dir =
                new AlterReplicaLogDirsRequestData.AlterReplicaLogDir().setPath("/nowhere");
        DataCases.TOPICS.forEach(role -> dir.topics()
                .add(new AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic()
                        .setName(s.name(role))
                        .setPartitions(List.of(0))));
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        request.dirs().add(dir);
        return request;
    }

    private static Stream<Case> users() {
        return Stream.of(
                reading(
                        ApiKeys.DESCRIBE_ACLS,
                        "all",
                        (s, v) -> new DescribeAclsRequestData()
                                .setResourceTypeFilter(ANY)
                                .setPatternTypeFilter(ANY)
                                .setOperation(ANY)
                                .setPermissionType(ANY)),
                changing(
                        ApiKeys.CREATE_ACLS,
                        "one",
                        Set.of(),
                        (s, v) -> new CreateAclsRequestData()
                                .setCreations(List.of(new CreateAclsRequestData.AclCreation()
                                        .setResourceType(TOPIC)
                                        .setResourceName(s.name("acl"))
                                        .setResourcePatternType(LITERAL)
                                        .setPrincipal("User:nobody")
                                        .setHost("*")
                                        .setOperation(READ)
                                        .setPermissionType(ALLOW)))),
                reading(
                        ApiKeys.DELETE_ACLS,
                        "none",
                        (s, v) -> new DeleteAclsRequestData()
                                .setFilters(List.of(new DeleteAclsRequestData.DeleteAclsFilter()
                                        .setResourceTypeFilter(TOPIC)
                                        .setResourceNameFilter("not-there")
                                        .setPatternTypeFilter(LITERAL)
                                        .setOperation(ANY)
                                        .setPermissionType(ANY)))),
                reading(
                        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                        "all",
                        (s, v) -> new DescribeClientQuotasRequestData().setComponents(List.of())),
                changing(
                        ApiKeys.ALTER_CLIENT_QUOTAS,
                        "one",
                        Set.of(),
                        (s, v) -> new AlterClientQuotasRequestData()
                                .setEntries(List.of(new AlterClientQuotasRequestData.EntryData()
                                        .setEntity(List.of(new AlterClientQuotasRequestData.EntityData()
                                                .setEntityType("user")
                                                .setEntityName(s.name("user"))))
                                        .setOps(List.of(new AlterClientQuotasRequestData.OpData()
                                                .setKey("request_percentage")
                                                .setValue(50)))))),
                reading(
                        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        "named",
                        (s, v) -> new DescribeUserScramCredentialsRequestData()
                                .setUsers(List.of(new DescribeUserScramCredentialsRequestData.UserName()
                                        .setName(s.name("user"))))),
                changing(
                        ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                        "one",
                        Set.of(),
                        (s, v) -> new AlterUserScramCredentialsRequestData()
                                .setUpsertions(
                                        List.of(new AlterUserScramCredentialsRequestData.ScramCredentialUpsertion()
                                                .setName(s.name("user"))
                                                .setMechanism(SCRAM_SHA_256)
                                                .setIterations(4096)
                                                .setSalt(new byte[] {1, 2, 3})
                                                .setSaltedPassword(new byte[32])))),
                reading(ApiKeys.CREATE_DELEGATION_TOKEN, "one", (s, v) -> new CreateDelegationTokenRequestData()),
                reading(ApiKeys.RENEW_DELEGATION_TOKEN, "none", (s, v) -> new RenewDelegationTokenRequestData()),
                reading(ApiKeys.EXPIRE_DELEGATION_TOKEN, "none", (s, v) -> new ExpireDelegationTokenRequestData()),
                reading(ApiKeys.DESCRIBE_DELEGATION_TOKEN, "all", (s, v) -> new DescribeDelegationTokenRequestData()));
    }

    private static Stream<Case> brokers() {
        return Stream.of(
                reading(
                        ApiKeys.DESCRIBE_CLUSTER,
                        "operations",
                        (s, v) -> new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(true)),
                reading(
                                ApiKeys.DESCRIBE_QUORUM,
                                "metadata",
                                (s, v) -> new DescribeQuorumRequestData()
                                        .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                                                .setTopicName("__cluster_metadata")
                                                .setPartitions(
                                                        List.of(new DescribeQuorumRequestData.PartitionData())))))
                        .masking("highWatermark", "logEndOffset", "lastFetchTimestamp", "lastCaughtUpTimestamp"),
                reading(ApiKeys.UPDATE_FEATURES, "none", (s, v) -> new UpdateFeaturesRequestData()),
                reading(
                        ApiKeys.UNREGISTER_BROKER,
                        "unknown",
                        (s, v) -> new UnregisterBrokerRequestData().setBrokerId(99)),
                reading(ApiKeys.ADD_RAFT_VOTER, "of another cluster", (s, v) -> {
                    AddRaftVoterRequestData request = new AddRaftVoterRequestData()
                            .setClusterId("another")
                            .setVoterId(99)
                            .setVoterDirectoryId(new Uuid(9, 9))
                            .setTimeoutMs(1000);
                    request.listeners()
                            .add(new AddRaftVoterRequestData.Listener()
                                    .setName("CONTROLLER")
                                    .setHost("127.0.0.1")
                                    .setPort(1));
                    return request;
                }),
                reading(
                        ApiKeys.REMOVE_RAFT_VOTER,
                        "of another cluster",
                        (s, v) -> new RemoveRaftVoterRequestData()
                                .setClusterId("another")
                                .setVoterId(99)
                                .setVoterDirectoryId(new Uuid(9, 9))),
                reading(
                        ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                        "first",
                        (s, v) -> new GetTelemetrySubscriptionsRequestData()),
                reading(
                        ApiKeys.PUSH_TELEMETRY,
                        "unasked",
                        (s, v) -> new PushTelemetryRequestData().setClientInstanceId(new Uuid(5, 5))),
                reading(
                        ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
                        "one",
                        (s, v) -> new InitializeShareGroupStateRequestData()
                                .setGroupId(s.name("open"))
                                .setTopics(List.of(new InitializeShareGroupStateRequestData.InitializeStateData()
                                        .setTopicId(s.id("open-no"))
                                        .setPartitions(
                                                List.of(new InitializeShareGroupStateRequestData.PartitionData()))))),
                reading(
                        ApiKeys.READ_SHARE_GROUP_STATE,
                        "one",
                        (s, v) -> new ReadShareGroupStateRequestData()
                                .setGroupId(s.name("open"))
                                .setTopics(List.of(new ReadShareGroupStateRequestData.ReadStateData()
                                        .setTopicId(s.id("open-no"))
                                        .setPartitions(List.of(new ReadShareGroupStateRequestData.PartitionData()))))),
                reading(
                        ApiKeys.WRITE_SHARE_GROUP_STATE,
                        "one",
                        (s, v) -> new WriteShareGroupStateRequestData()
                                .setGroupId(s.name("open"))
                                .setTopics(List.of(new WriteShareGroupStateRequestData.WriteStateData()
                                        .setTopicId(s.id("open-no"))
                                        .setPartitions(List.of(new WriteShareGroupStateRequestData.PartitionData()))))),
                reading(
                        ApiKeys.DELETE_SHARE_GROUP_STATE,
                        "one",
                        (s, v) -> new DeleteShareGroupStateRequestData()
                                .setGroupId(s.name("open"))
                                .setTopics(List.of(new DeleteShareGroupStateRequestData.DeleteStateData()
                                        .setTopicId(s.id("open-no"))
                                        .setPartitions(
                                                List.of(new DeleteShareGroupStateRequestData.PartitionData()))))),
                reading(
                        ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY,
                        "one",
                        (s, v) -> new ReadShareGroupStateSummaryRequestData()
                                .setGroupId(s.name("open"))
                                .setTopics(List.of(new ReadShareGroupStateSummaryRequestData.ReadStateSummaryData()
                                        .setTopicId(s.id("open-no"))
                                        .setPartitions(
                                                List.of(new ReadShareGroupStateSummaryRequestData.PartitionData()))))));
    }
}
