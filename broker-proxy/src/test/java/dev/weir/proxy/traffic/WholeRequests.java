package dev.weir.proxy.traffic;

import dev.weir.policy.decide.FaultApi;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiMessage;

/** A request of each API in its newest version, with something in it that an error can be about. */
final class WholeRequests {
    private static final String TOPIC = "orders";

    private WholeRequests() {}

    static ApiMessage of(FaultApi api) {
        return switch (api) {
            case OFFSET_FOR_LEADER_EPOCH -> offsetForLeaderEpoch();
            case DELETE_RECORDS ->
                new DeleteRecordsRequestData()
                        .setTopics(List.of(new DeleteRecordsTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new DeleteRecordsPartition()))));
            case FIND_COORDINATOR -> new FindCoordinatorRequestData().setCoordinatorKeys(List.of("group"));
            case OFFSET_COMMIT ->
                new OffsetCommitRequestData()
                        .setGroupId("group")
                        .setTopics(List.of(new OffsetCommitRequestTopic()
                                .setPartitions(List.of(new OffsetCommitRequestPartition()))));
            case OFFSET_FETCH ->
                new OffsetFetchRequestData().setGroups(List.of(new OffsetFetchRequestGroup().setGroupId("group")));
            case DESCRIBE_GROUPS -> new DescribeGroupsRequestData().setGroups(List.of("group"));
            case DELETE_GROUPS -> new DeleteGroupsRequestData().setGroupsNames(List.of("group"));
            case ADD_PARTITIONS_TO_TXN -> addPartitionsToTxn();
            case ADD_OFFSETS_TO_TXN -> new AddOffsetsToTxnRequestData().setGroupId("group");
            case TXN_OFFSET_COMMIT ->
                new TxnOffsetCommitRequestData()
                        .setTopics(List.of(new TxnOffsetCommitRequestTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new TxnOffsetCommitRequestPartition()))));
            case CREATE_TOPICS -> createTopics();
            case DELETE_TOPICS ->
                new DeleteTopicsRequestData().setTopics(List.of(new DeleteTopicState().setName(TOPIC)));
            case CREATE_PARTITIONS -> createPartitions();
            case DESCRIBE_CONFIGS ->
                new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType((byte) 2)
                                .setResourceName(TOPIC)));
            case INCREMENTAL_ALTER_CONFIGS ->
                new IncrementalAlterConfigsRequestData()
                        .setResources(new AlterConfigsResourceCollection(List.of(new AlterConfigsResource()
                                        .setResourceType((byte) 2)
                                        .setResourceName(TOPIC))
                                .iterator()));
            default -> ApiMessageType.fromApiKey(api.apiKey()).newRequest();
        };
    }

    private static ApiMessage offsetForLeaderEpoch() {
        OffsetForLeaderTopic topic =
                new OffsetForLeaderTopic().setTopic(TOPIC).setPartitions(List.of(new OffsetForLeaderPartition()));
        return new OffsetForLeaderEpochRequestData()
                .setTopics(new OffsetForLeaderTopicCollection(List.of(topic).iterator()));
    }

    private static ApiMessage addPartitionsToTxn() {
        AddPartitionsToTxnTopic topic =
                new AddPartitionsToTxnTopic().setName(TOPIC).setPartitions(List.of(0));
        return new AddPartitionsToTxnRequestData()
                .setV3AndBelowTopics(
                        new AddPartitionsToTxnTopicCollection(List.of(topic).iterator()));
    }

    private static ApiMessage createTopics() {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(new CreatableTopic().setName(TOPIC));
        return request;
    }

    private static ApiMessage createPartitions() {
        CreatePartitionsRequestData request = new CreatePartitionsRequestData();
        request.topics().add(new CreatePartitionsTopic().setName(TOPIC));
        return request;
    }
}
