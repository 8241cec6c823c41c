package dev.weir.policy.decide;

import static dev.weir.policy.decide.FaultError.CLUSTER_AUTHORIZATION_FAILED;
import static dev.weir.policy.decide.FaultError.CONCURRENT_TRANSACTIONS;
import static dev.weir.policy.decide.FaultError.COORDINATOR_LOAD_IN_PROGRESS;
import static dev.weir.policy.decide.FaultError.COORDINATOR_NOT_AVAILABLE;
import static dev.weir.policy.decide.FaultError.CORRUPT_MESSAGE;
import static dev.weir.policy.decide.FaultError.FENCED_LEADER_EPOCH;
import static dev.weir.policy.decide.FaultError.FENCED_MEMBER_EPOCH;
import static dev.weir.policy.decide.FaultError.GROUP_AUTHORIZATION_FAILED;
import static dev.weir.policy.decide.FaultError.ILLEGAL_GENERATION;
import static dev.weir.policy.decide.FaultError.INVALID_RECORD;
import static dev.weir.policy.decide.FaultError.KAFKA_STORAGE_ERROR;
import static dev.weir.policy.decide.FaultError.LEADER_NOT_AVAILABLE;
import static dev.weir.policy.decide.FaultError.MESSAGE_TOO_LARGE;
import static dev.weir.policy.decide.FaultError.NOT_CONTROLLER;
import static dev.weir.policy.decide.FaultError.NOT_COORDINATOR;
import static dev.weir.policy.decide.FaultError.NOT_ENOUGH_REPLICAS;
import static dev.weir.policy.decide.FaultError.NOT_LEADER_OR_FOLLOWER;
import static dev.weir.policy.decide.FaultError.OFFSET_NOT_AVAILABLE;
import static dev.weir.policy.decide.FaultError.POLICY_VIOLATION;
import static dev.weir.policy.decide.FaultError.PRODUCER_FENCED;
import static dev.weir.policy.decide.FaultError.REBALANCE_IN_PROGRESS;
import static dev.weir.policy.decide.FaultError.REPLICA_NOT_AVAILABLE;
import static dev.weir.policy.decide.FaultError.REQUEST_TIMED_OUT;
import static dev.weir.policy.decide.FaultError.TOPIC_AUTHORIZATION_FAILED;
import static dev.weir.policy.decide.FaultError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
import static dev.weir.policy.decide.FaultError.UNKNOWN_LEADER_EPOCH;
import static dev.weir.policy.decide.FaultError.UNKNOWN_MEMBER_ID;
import static dev.weir.policy.decide.FaultError.UNKNOWN_TOPIC_OR_PARTITION;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kafka's APIs that a fault may be about, each with the errors that it may be answered with. */
public enum FaultApi {
    // records
    PRODUCE(
            "Produce",
            0,
            CORRUPT_MESSAGE,
            UNKNOWN_TOPIC_OR_PARTITION,
            NOT_LEADER_OR_FOLLOWER,
            REQUEST_TIMED_OUT,
            MESSAGE_TOO_LARGE,
            NOT_ENOUGH_REPLICAS,
            TOPIC_AUTHORIZATION_FAILED,
            CLUSTER_AUTHORIZATION_FAILED,
            POLICY_VIOLATION,
            KAFKA_STORAGE_ERROR,
            INVALID_RECORD),
    FETCH(
            "Fetch",
            1,
            UNKNOWN_TOPIC_OR_PARTITION,
            NOT_LEADER_OR_FOLLOWER,
            REPLICA_NOT_AVAILABLE,
            TOPIC_AUTHORIZATION_FAILED,
            KAFKA_STORAGE_ERROR,
            FENCED_LEADER_EPOCH,
            UNKNOWN_LEADER_EPOCH,
            OFFSET_NOT_AVAILABLE),
    LIST_OFFSETS(
            "ListOffsets",
            2,
            UNKNOWN_TOPIC_OR_PARTITION,
            LEADER_NOT_AVAILABLE,
            NOT_LEADER_OR_FOLLOWER,
            REPLICA_NOT_AVAILABLE,
            TOPIC_AUTHORIZATION_FAILED,
            KAFKA_STORAGE_ERROR,
            OFFSET_NOT_AVAILABLE),
    METADATA("Metadata", 3, UNKNOWN_TOPIC_OR_PARTITION, LEADER_NOT_AVAILABLE, TOPIC_AUTHORIZATION_FAILED),
    OFFSET_FOR_LEADER_EPOCH(
            "OffsetForLeaderEpoch",
            23,
            UNKNOWN_TOPIC_OR_PARTITION,
            NOT_LEADER_OR_FOLLOWER,
            TOPIC_AUTHORIZATION_FAILED,
            KAFKA_STORAGE_ERROR),
    DELETE_RECORDS("DeleteRecords", 21, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, TOPIC_AUTHORIZATION_FAILED),
    // groups
    FIND_COORDINATOR(
            "FindCoordinator",
            10,
            COORDINATOR_NOT_AVAILABLE,
            GROUP_AUTHORIZATION_FAILED,
            TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
    OFFSET_COMMIT(
            "OffsetCommit",
            8,
            members(UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT, ILLEGAL_GENERATION, TOPIC_AUTHORIZATION_FAILED)),
    OFFSET_FETCH("OffsetFetch", 9, groups()),
    JOIN_GROUP("JoinGroup", 11, groups(REBALANCE_IN_PROGRESS)),
    HEARTBEAT("Heartbeat", 12, members(ILLEGAL_GENERATION)),
    LEAVE_GROUP("LeaveGroup", 13, groups()),
    SYNC_GROUP("SyncGroup", 14, members(ILLEGAL_GENERATION)),
    CONSUMER_GROUP_HEARTBEAT(
            "ConsumerGroupHeartbeat", 68, groups(UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH, TOPIC_AUTHORIZATION_FAILED)),
    DESCRIBE_GROUPS("DescribeGroups", 15, groups()),
    LIST_GROUPS("ListGroups", 16, COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS),
    DELETE_GROUPS("DeleteGroups", 42, groups()),
    // transactions
    INIT_PRODUCER_ID("InitProducerId", 22, transactions(CLUSTER_AUTHORIZATION_FAILED)),
    ADD_PARTITIONS_TO_TXN(
            "AddPartitionsToTxn", 24, transactions(UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED)),
    ADD_OFFSETS_TO_TXN("AddOffsetsToTxn", 25, transactions(GROUP_AUTHORIZATION_FAILED)),
    TXN_OFFSET_COMMIT(
            "TxnOffsetCommit",
            28,
            groups(UNKNOWN_TOPIC_OR_PARTITION, TOPIC_AUTHORIZATION_FAILED, TRANSACTIONAL_ID_AUTHORIZATION_FAILED)),
    END_TXN("EndTxn", 26, transactions()),
    // administration
    CREATE_TOPICS("CreateTopics", 19, controller(POLICY_VIOLATION)),
    DELETE_TOPICS("DeleteTopics", 20, controller()),
    CREATE_PARTITIONS("CreatePartitions", 37, controller(POLICY_VIOLATION)),
    DESCRIBE_CONFIGS("DescribeConfigs", 32, TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED),
    INCREMENTAL_ALTER_CONFIGS("IncrementalAlterConfigs", 44, controller(POLICY_VIOLATION)),
    // whose errors would have clients forget what their broker still knows of them, or say nothing to them
    DESCRIBE_CLUSTER("DescribeCluster", 60),
    CONSUMER_GROUP_DESCRIBE("ConsumerGroupDescribe", 69),
    DESCRIBE_TOPIC_PARTITIONS("DescribeTopicPartitions", 75),
    SHARE_GROUP_HEARTBEAT("ShareGroupHeartbeat", 76),
    SHARE_FETCH("ShareFetch", 78),
    SHARE_ACKNOWLEDGE("ShareAcknowledge", 79),
    STREAMS_GROUP_HEARTBEAT("StreamsGroupHeartbeat", 88);

    /** By their names, as Kafka and policy write them. */
    public static final Map<String, FaultApi> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FaultApi::apiName, Function.identity()));

    /** Those whose requests name topics that a fault may be narrowed to. */
    public static final Set<FaultApi> OF_TOPICS =
            Collections.unmodifiableSet(EnumSet.of(PRODUCE, FETCH, LIST_OFFSETS, METADATA));

    private static final @Nullable FaultApi[] BY_KEY = byKey();

    private final String apiName;
    private final short apiKey;

    @SuppressWarnings("ImmutableEnumChecker") // it is made by Set.of
    private final Set<FaultError> errors;

    FaultApi(String apiName, int apiKey, FaultError... errors) {
        this.apiName = apiName;
        this.apiKey = (short) apiKey;
        this.errors = Set.of(errors);
    }

    private static FaultError[] groups(FaultError... more) {
        return with(
                more,
                COORDINATOR_LOAD_IN_PROGRESS,
                COORDINATOR_NOT_AVAILABLE,
                NOT_COORDINATOR,
                GROUP_AUTHORIZATION_FAILED);
    }

    private static FaultError[] members(FaultError... more) {
        return groups(with(more, UNKNOWN_MEMBER_ID, REBALANCE_IN_PROGRESS));
    }

    private static FaultError[] transactions(FaultError... more) {
        return with(
                more,
                COORDINATOR_LOAD_IN_PROGRESS,
                COORDINATOR_NOT_AVAILABLE,
                NOT_COORDINATOR,
                CONCURRENT_TRANSACTIONS,
                TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                PRODUCER_FENCED);
    }

    private static FaultError[] controller(FaultError... more) {
        return with(more, REQUEST_TIMED_OUT, NOT_CONTROLLER, TOPIC_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED);
    }

    private static FaultError[] with(FaultError[] some, FaultError... others) {
        FaultError[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    private static @Nullable FaultApi[] byKey() {
        @Nullable
        FaultApi[] byKey = new FaultApi
                [Arrays.stream(values()).mapToInt(api -> api.apiKey).max().orElse(0) + 1];
        for (FaultApi api : values()) {
            byKey[api.apiKey] = api;
        }
        return byKey;
    }

    /** The API of a request, or {@code null} when no fault can name it. */
    static @Nullable FaultApi of(short apiKey) {
        return apiKey >= 0 && apiKey < BY_KEY.length ? BY_KEY[apiKey] : null;
    }

    /** As Kafka writes it. */
    public String apiName() {
        return apiName;
    }

    public short apiKey() {
        return apiKey;
    }

    /** What it may be answered with. */
    public Set<FaultError> errors() {
        return errors;
    }
}
