package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;

import dev.weir.proxy.equivalence.Case.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Names that no topic can have, Kafka's own topics, names given twice, and requests that name nothing or one thing. */
final class NameCases {
    private static final int NO_PARTITION = 9;
    private static final long NO_PRODUCER = 987_654L;
    private static final int SHARE_STATE = 2;

    private NameCases() {}

    static Stream<Case> all() {
        return Stream.of(topics(), transactions(), metadata(), coordinators()).flatMap(each -> each);
    }

    private static List<String> names(Scene s) {
        return List.of(
                s.name("hidden"), s.name("open"), "not valid", "__transaction_state", s.name("hidden"), s.name("open"));
    }

    private static Stream<Case> topics() {
        return Stream.of(
                reading(ApiKeys.PRODUCE, "odd names", NameCases::produce),
                reading(
                        ApiKeys.LIST_OFFSETS,
                        "odd names",
                        (s, v) -> new ListOffsetsRequestData()
                                .setReplicaId(-1)
                                .setTopics(names(s).stream()
                                        .map(name -> new ListOffsetsRequestData.ListOffsetsTopic()
                                                .setName(name)
                                                .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                                        .setTimestamp(-2))))
                                        .toList())),
                reading(ApiKeys.OFFSET_FOR_LEADER_EPOCH, "odd names", (s, v) -> epochs(s)),
                reading(
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        "odd names",
                        (s, v) -> new DescribeTopicPartitionsRequestData()
                                .setTopics(names(s).stream()
                                        .map(name ->
                                                new DescribeTopicPartitionsRequestData.TopicRequest().setName(name))
                                        .toList())),
                reading(
                        ApiKeys.DESCRIBE_PRODUCERS,
                        "odd names",
                        (s, v) -> new DescribeProducersRequestData()
                                .setTopics(names(s).stream()
                                        .map(name -> new DescribeProducersRequestData.TopicRequest()
                                                .setName(name)
                                                .setPartitionIndexes(List.of(NO_PARTITION)))
                                        .toList())),
                reading(
                        ApiKeys.DELETE_RECORDS,
                        "odd names",
                        (s, v) -> new DeleteRecordsRequestData()
                                .setTimeoutMs(1000)
                                .setTopics(names(s).stream()
                                        .map(name -> new DeleteRecordsRequestData.DeleteRecordsTopic()
                                                .setName(name)
                                                .setPartitions(
                                                        List.of(new DeleteRecordsRequestData.DeleteRecordsPartition()
                                                                .setPartitionIndex(NO_PARTITION))))
                                        .toList())));
    }

    /** To a partition that is not there, so that nothing is written. */
    private static ApiMessage produce(Scene s, short version) {
        ProduceRequestData request =
                DataCases.produce(s, version, null, -1, List.of("hidden", "open", "hidden-no", "hidden", "open"));
        if (version < 13) {
            names(s).subList(2, 4)
                    .forEach(name -> request.topicData()
                            .add(new ProduceRequestData.TopicProduceData()
                                    .setName(name)
                                    .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                                            .setRecords(DataCases.RECORDS)))));
        }
        request.topicData().forEach(topic -> topic.partitionData().get(0).setIndex(NO_PARTITION));
        return request;
    }

    private static ApiMessage epochs(Scene s) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
        names(s).forEach(name -> request.topics()
                .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                        .setTopic(name)
                        .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()))));
        return request;
    }

    private static Stream<Case> transactions() {
        return Stream.of(
                talking(ApiKeys.ADD_PARTITIONS_TO_TXN, "odd names", Kind.READS, talk -> {
                    if (talk.version() < 4) {
                        talk.ask(partitions(talk.scene(), "open"));
                        talk.ask(partitions(talk.scene(), "hidden"));
                    }
                }),
                talking(ApiKeys.TXN_OFFSET_COMMIT, "odd names", Kind.READS, talk -> {
                    talk.ask(offsets(talk.scene(), "open", "open"));
                    talk.ask(offsets(talk.scene(), "open", "hidden"));
                    talk.ask(offsets(talk.scene(), "hidden", "open"));
                }),
                talking(ApiKeys.END_TXN, "of nobody", Kind.READS, talk -> {
                    for (String id : List.of("open", "seen", "hidden")) {
                        talk.ask(new EndTxnRequestData()
                                .setTransactionalId(talk.scene().name(id))
                                .setProducerId(NO_PRODUCER));
                    }
                }),
                reading(
                        ApiKeys.DESCRIBE_TRANSACTIONS,
                        "a refused one",
                        (s, v) -> new DescribeTransactionsRequestData().setTransactionalIds(List.of(s.name("hidden")))),
                reading(ApiKeys.DESCRIBE_TRANSACTIONS, "none", (s, v) -> new DescribeTransactionsRequestData()),
                reading(
                        ApiKeys.LIST_TRANSACTIONS,
                        "of some states",
                        (s, v) ->
                                new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "Empty", "Odd"))));
    }

    private static ApiMessage partitions(Scene s, String id) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(s.name(id))
                .setV3AndBelowProducerId(NO_PRODUCER);
        names(s).forEach(name -> request.v3AndBelowTopics()
                .add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic()
                        .setName(name)
                        .setPartitions(List.of(0))));
        return request;
    }

    private static ApiMessage offsets(Scene s, String id, String group) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId(s.name(id))
                .setGroupId(s.name(group))
                .setProducerId(NO_PRODUCER)
                .setTopics(names(s).stream()
                        .map(name -> new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                                .setName(name)
                                .setPartitions(List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                                        .setPartitionIndex(NO_PARTITION)
                                        .setCommittedMetadata(""))))
                        .toList());
    }

    private static Stream<Case> metadata() {
        return Stream.of(
                reading(ApiKeys.METADATA, "odd names, to be created", (s, v) -> named(s, v)),
                reading(
                        ApiKeys.METADATA,
                        "odd names",
                        (s, v) -> v < 4 ? null : named(s, v).setAllowAutoTopicCreation(false)),
                reading(ApiKeys.METADATA, "a refused id", (s, v) -> byId(v, s.id("hidden"))),
                reading(ApiKeys.METADATA, "an allowed id", (s, v) -> byId(v, s.id("open"))),
                reading(ApiKeys.METADATA, "neither name nor id", (s, v) -> byId(v, Uuid.ZERO_UUID)));
    }

    private static MetadataRequestData named(Scene s, short version) {
        return DataCases.metadata(version)
                .setTopics(names(s).stream()
                        .map(name -> new MetadataRequestData.MetadataRequestTopic().setName(name))
                        .toList());
    }

    private static ApiMessage byId(short version, Uuid id) {
        return version < 10
                ? null
                : DataCases.metadata(version)
                        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic()
                                .setName(null)
                                .setTopicId(id)));
    }

    /** Every key type, also those that a version knows nothing of. */
    private static Stream<Case> coordinators() {
        return Stream.of(
                talking(ApiKeys.FIND_COORDINATOR, "one key", Kind.READS, talk -> {
                    for (int type = 0; type <= 3 && talk.version() < 4; type++) {
                        if (talk.version() > 0 || type == 0) {
                            for (String role : List.of("open", "seen", "hidden")) {
                                talk.ask(new FindCoordinatorRequestData()
                                        .setKeyType((byte) type)
                                        .setKey(key(talk.scene(), type, role)));
                            }
                        }
                    }
                }),
                talking(ApiKeys.FIND_COORDINATOR, "no key, one key", Kind.READS, talk -> {
                    for (int type = 0; type <= 3 && talk.version() >= 4; type++) {
                        if (type != SHARE_STATE || talk.version() < 6) {
                            talk.ask(new FindCoordinatorRequestData().setKeyType((byte) type));
                            talk.ask(new FindCoordinatorRequestData()
                                    .setKeyType((byte) type)
                                    .setCoordinatorKeys(List.of(key(talk.scene(), type, "hidden"))));
                        }
                    }
                }));
    }

    private static String key(Scene s, int type, String role) {
        return type == SHARE_STATE ? s.name(role) + ":" + s.id("open") + ":0" : s.name(role);
    }
}
