package dev.weir.proxy.authorize;

import static java.util.Map.entry;

import dev.weir.policy.decide.Operation;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which API is decided by whom. An API that is neither in this list nor {@link #ELSEWHERE} does not pass: what is not
 * listed here has no authorizer. Immutable; any thread.
 */
public final class ApiAuthorizers {

    /** What brokers say to each other: refused on every listener, and not worth advertising. */
    public static final Set<ApiKeys> NEVER = Set.copyOf(EnumSet.of(
            ApiKeys.WRITE_TXN_MARKERS,
            ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE,
            ApiKeys.WRITE_SHARE_GROUP_STATE,
            ApiKeys.DELETE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY));

    /**
     * What this list leaves to the connection, since it comes before anybody is authenticated.
     */
    public static final Set<ApiKeys> ELSEWHERE =
            Set.copyOf(EnumSet.of(ApiKeys.API_VERSIONS, ApiKeys.SASL_HANDSHAKE, ApiKeys.SASL_AUTHENTICATE));

    private static final Map<ApiKeys, ApiAuthorizer<?>> BY_API = new EnumMap<>(Map.ofEntries(
            // records
            entry(ApiKeys.PRODUCE, new ProduceAuthorizer()),
            entry(ApiKeys.FETCH, new FetchAuthorizer()),
            entry(ApiKeys.LIST_OFFSETS, new ListOffsetsAuthorizer()),
            entry(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochAuthorizer()),
            entry(ApiKeys.DELETE_RECORDS, new DeleteRecordsAuthorizer()),
            // the cluster as clients see it
            entry(ApiKeys.METADATA, new MetadataAuthorizer()),
            entry(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsAuthorizer()),
            entry(ApiKeys.FIND_COORDINATOR, new FindCoordinatorAuthorizer()),
            entry(ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterAuthorizer()),
            // transactions
            entry(ApiKeys.INIT_PRODUCER_ID, new InitProducerIdAuthorizer()),
            entry(ApiKeys.ADD_PARTITIONS_TO_TXN, new AddPartitionsToTxnAuthorizer()),
            entry(ApiKeys.ADD_OFFSETS_TO_TXN, new AddOffsetsToTxnAuthorizer()),
            entry(ApiKeys.TXN_OFFSET_COMMIT, new TxnOffsetCommitAuthorizer()),
            entry(ApiKeys.END_TXN, new EndTxnAuthorizer()),
            entry(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersAuthorizer()),
            entry(ApiKeys.DESCRIBE_TRANSACTIONS, new DescribeTransactionsAuthorizer()),
            entry(ApiKeys.LIST_TRANSACTIONS, new ListTransactionsAuthorizer()),
            // consumer groups, classic protocol
            entry(ApiKeys.JOIN_GROUP, GroupMemberAuthorizer.joinGroup()),
            entry(ApiKeys.SYNC_GROUP, GroupMemberAuthorizer.syncGroup()),
            entry(ApiKeys.HEARTBEAT, GroupMemberAuthorizer.heartbeat()),
            entry(ApiKeys.LEAVE_GROUP, GroupMemberAuthorizer.leaveGroup()),
            entry(ApiKeys.DESCRIBE_GROUPS, new DescribeGroupsAuthorizer()),
            // groups of any protocol
            entry(ApiKeys.OFFSET_COMMIT, new OffsetCommitAuthorizer()),
            entry(ApiKeys.OFFSET_FETCH, new OffsetFetchAuthorizer()),
            entry(ApiKeys.OFFSET_DELETE, new OffsetDeleteAuthorizer()),
            entry(ApiKeys.LIST_GROUPS, new ListGroupsAuthorizer()),
            entry(ApiKeys.DELETE_GROUPS, new DeleteGroupsAuthorizer()),
            // consumer groups (KIP-848)
            entry(ApiKeys.CONSUMER_GROUP_HEARTBEAT, new ConsumerGroupHeartbeatAuthorizer()),
            entry(ApiKeys.CONSUMER_GROUP_DESCRIBE, new ConsumerGroupDescribeAuthorizer()),
            // share groups (KIP-932)
            entry(ApiKeys.SHARE_GROUP_HEARTBEAT, new ShareGroupHeartbeatAuthorizer()),
            entry(ApiKeys.SHARE_GROUP_DESCRIBE, new ShareGroupDescribeAuthorizer()),
            entry(ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, new DescribeShareGroupOffsetsAuthorizer()),
            entry(ApiKeys.ALTER_SHARE_GROUP_OFFSETS, new AlterShareGroupOffsetsAuthorizer()),
            entry(ApiKeys.DELETE_SHARE_GROUP_OFFSETS, new DeleteShareGroupOffsetsAuthorizer()),
            entry(ApiKeys.SHARE_FETCH, new ShareFetchAuthorizer()),
            entry(ApiKeys.SHARE_ACKNOWLEDGE, new ShareAcknowledgeAuthorizer()),
            // streams groups (KIP-1071)
            entry(ApiKeys.STREAMS_GROUP_HEARTBEAT, new StreamsGroupHeartbeatAuthorizer()),
            entry(ApiKeys.STREAMS_GROUP_DESCRIBE, new StreamsGroupDescribeAuthorizer()),
            // topics and configs
            entry(ApiKeys.CREATE_TOPICS, new CreateTopicsAuthorizer()),
            entry(ApiKeys.DELETE_TOPICS, new DeleteTopicsAuthorizer()),
            entry(ApiKeys.CREATE_PARTITIONS, new CreatePartitionsAuthorizer()),
            entry(ApiKeys.DESCRIBE_CONFIGS, new DescribeConfigsAuthorizer()),
            entry(ApiKeys.ALTER_CONFIGS, new ConfigChangeAuthorizer<>(new AlterConfigsMessages())),
            entry(
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    new ConfigChangeAuthorizer<>(new IncrementalAlterConfigsMessages())),
            entry(ApiKeys.LIST_CONFIG_RESOURCES, ClusterAuthorizers.listConfigResources()),
            // partitions and where they are
            entry(ApiKeys.ELECT_LEADERS, ClusterAuthorizers.electLeaders()),
            entry(ApiKeys.ALTER_PARTITION_REASSIGNMENTS, ClusterAuthorizers.alterPartitionReassignments()),
            entry(ApiKeys.LIST_PARTITION_REASSIGNMENTS, ClusterAuthorizers.listPartitionReassignments()),
            entry(ApiKeys.ALTER_REPLICA_LOG_DIRS, ClusterAuthorizers.alterReplicaLogDirs()),
            entry(ApiKeys.DESCRIBE_LOG_DIRS, ClusterAuthorizers.describeLogDirs()),
            // who may do what, and how much of it
            entry(ApiKeys.DESCRIBE_ACLS, explained(ApiKeys.DESCRIBE_ACLS, Operation.DESCRIBE)),
            entry(ApiKeys.CREATE_ACLS, explained(ApiKeys.CREATE_ACLS, Operation.ALTER)),
            entry(ApiKeys.DELETE_ACLS, explained(ApiKeys.DELETE_ACLS, Operation.ALTER)),
            entry(ApiKeys.DESCRIBE_CLIENT_QUOTAS, plain(ApiKeys.DESCRIBE_CLIENT_QUOTAS, Operation.DESCRIBE_CONFIGS)),
            entry(ApiKeys.ALTER_CLIENT_QUOTAS, explained(ApiKeys.ALTER_CLIENT_QUOTAS, Operation.ALTER_CONFIGS)),
            entry(
                    ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                    plain(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, Operation.DESCRIBE)),
            entry(
                    ApiKeys.ALTER_USER_SCRAM_CREDENTIALS,
                    explained(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, Operation.ALTER)),
            entry(ApiKeys.CREATE_DELEGATION_TOKEN, new DelegationTokenAuthorizer(ApiKeys.CREATE_DELEGATION_TOKEN)),
            entry(ApiKeys.RENEW_DELEGATION_TOKEN, new DelegationTokenAuthorizer(ApiKeys.RENEW_DELEGATION_TOKEN)),
            entry(ApiKeys.EXPIRE_DELEGATION_TOKEN, new DelegationTokenAuthorizer(ApiKeys.EXPIRE_DELEGATION_TOKEN)),
            entry(ApiKeys.DESCRIBE_DELEGATION_TOKEN, new DelegationTokenAuthorizer(ApiKeys.DESCRIBE_DELEGATION_TOKEN)),
            // the cluster's own administration
            entry(ApiKeys.DESCRIBE_QUORUM, explained(ApiKeys.DESCRIBE_QUORUM, Operation.DESCRIBE)),
            entry(ApiKeys.UPDATE_FEATURES, explained(ApiKeys.UPDATE_FEATURES, Operation.ALTER)),
            entry(ApiKeys.UNREGISTER_BROKER, explained(ApiKeys.UNREGISTER_BROKER, Operation.ALTER)),
            entry(ApiKeys.ADD_RAFT_VOTER, explained(ApiKeys.ADD_RAFT_VOTER, Operation.ALTER)),
            entry(ApiKeys.REMOVE_RAFT_VOTER, explained(ApiKeys.REMOVE_RAFT_VOTER, Operation.ALTER)),
            // the clients' own metrics (KIP-714)
            entry(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, new TelemetryAuthorizer()),
            entry(ApiKeys.PUSH_TELEMETRY, new TelemetryAuthorizer()),
            // between brokers
            entry(ApiKeys.WRITE_TXN_MARKERS, new WriteTxnMarkersAuthorizer()),
            entry(
                    ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
                    new InterBrokerAuthorizer(ApiKeys.INITIALIZE_SHARE_GROUP_STATE)),
            entry(ApiKeys.READ_SHARE_GROUP_STATE, new InterBrokerAuthorizer(ApiKeys.READ_SHARE_GROUP_STATE)),
            entry(ApiKeys.WRITE_SHARE_GROUP_STATE, new InterBrokerAuthorizer(ApiKeys.WRITE_SHARE_GROUP_STATE)),
            entry(ApiKeys.DELETE_SHARE_GROUP_STATE, new InterBrokerAuthorizer(ApiKeys.DELETE_SHARE_GROUP_STATE)),
            entry(
                    ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY,
                    new InterBrokerAuthorizer(ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY))));

    private ApiAuthorizers() {}

    private static ApiAuthorizer<?> explained(ApiKeys api, Operation operation) {
        return ClusterAuthorizer.explained(api, operation);
    }

    private static ApiAuthorizer<?> plain(ApiKeys api, Operation operation) {
        return ClusterAuthorizer.plain(api, operation);
    }

    /** Whether requests of the API are answered at all, if only by a refusal. */
    public static boolean knows(ApiKeys api) {
        return BY_API.containsKey(api) || ELSEWHERE.contains(api);
    }

    /** Whether clients are told that the API is there, when the broker has it. */
    public static boolean advertises(ApiKeys api) {
        return knows(api) && !NEVER.contains(api);
    }

    /** The highest version of an API that clients are told of: those above it, if any, are for brokers only. */
    public static short clientVersionMax(ApiKeys api) {
        return api == ApiKeys.ADD_PARTITIONS_TO_TXN
                ? AddPartitionsToTxnAuthorizer.CLIENT_VERSION_MAX
                : api.latestVersion();
    }

    /**
     * The authorizer of one API, or {@code null} when it has none here. It takes the generated request class of that API
     * and no other.
     */
    @SuppressWarnings("unchecked") // each entry's request class is that of its key, which a test sees to
    public static @Nullable ApiAuthorizer<ApiMessage> of(ApiKeys api) {
        return (ApiAuthorizer<ApiMessage>) BY_API.get(api);
    }
}
