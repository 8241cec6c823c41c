package dev.weir.proxy.authorize;

import static dev.weir.testkit.await.Patience.awaitAnswer;
import static dev.weir.testkit.await.Patience.awaitSettled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The data and transaction APIs in every version: what alice hears from Weir is what she would hear from Kafka. */
class DataApisEquivalenceIT {
    private static final MemoryRecords PLAIN =
            MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("v".getBytes()));
    private static final MemoryRecords TRANSACTIONAL = MemoryRecords.withTransactionalRecords(
            Compression.NONE, 987_654L, (short) 0, 0, new SimpleRecord("v".getBytes()));

    private static KafkaAsOracle kafka;

    @BeforeAll
    static void start() throws Exception {
        kafka = new KafkaAsOracle();
        kafka.topic("orders")
                .topic("seen")
                .topic("hidden")
                .allow(ResourceType.TOPIC, "orders", Operation.READ, Operation.WRITE, Operation.DELETE)
                .allow(ResourceType.TOPIC, "seen", Operation.DESCRIBE)
                .allow(ResourceType.TOPIC, "missing", Operation.READ, Operation.WRITE, Operation.DELETE)
                .allow(ResourceType.TOPIC, "made-by-v3", Operation.DESCRIBE, Operation.CREATE)
                .allow(ResourceType.TOPIC, "made-by-v13", Operation.DESCRIBE, Operation.CREATE)
                .allow(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.DESCRIBE, Operation.ALTER_CONFIGS)
                .allow(ResourceType.GROUP, "g", Operation.READ)
                .allow(ResourceType.TRANSACTIONAL_ID, "tx", Operation.WRITE)
                .allow(ResourceType.TRANSACTIONAL_ID, "seen-tx", Operation.DESCRIBE)
                .ready();
        awaitCoordinators();
        for (String transactionalId : List.of("tx", "seen-tx", "hidden-tx")) {
            startTransaction(transactionalId);
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void produce() {
        for (MemoryRecords records : List.of(PLAIN, TRANSACTIONAL)) {
            for (String transactionalId : new String[] {null, "tx", "hidden-tx"}) {
                for (List<String> topics : NAMES) {
                    same(
                            new ProduceAuthorizer(),
                            ApiKeys.PRODUCE,
                            version -> produce(version, topics, records).setTransactionalId(transactionalId),
                            "baseOffset",
                            "logAppendTimeMs");
                }
            }
        }
    }

    @Test
    void listOffsets() {
        for (List<String> topics : NAMES) {
            same(
                    new ListOffsetsAuthorizer(),
                    ApiKeys.LIST_OFFSETS,
                    version -> new ListOffsetsRequestData()
                            .setReplicaId(-1)
                            .setTopics(topics.stream()
                                    .map(name -> new ListOffsetsTopic()
                                            .setName(name)
                                            .setPartitions(List.of(
                                                    new ListOffsetsPartition().setTimestamp(-2),
                                                    new ListOffsetsPartition()
                                                            .setPartitionIndex(9)
                                                            .setTimestamp(-2))))
                                    .toList()));
        }
    }

    @Test
    void offsetForLeaderEpoch() {
        for (List<String> topics : NAMES) {
            same(new OffsetForLeaderEpochAuthorizer(), ApiKeys.OFFSET_FOR_LEADER_EPOCH, version -> {
                OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
                topics.forEach(name -> request.topics()
                        .add(new OffsetForLeaderTopic()
                                .setTopic(name)
                                .setPartitions(List.of(
                                        new OffsetForLeaderPartition(),
                                        new OffsetForLeaderPartition().setPartition(9)))));
                return request;
            });
        }
    }

    @Test
    void metadataOfAllTopics() {
        same(
                new MetadataAuthorizer(),
                ApiKeys.METADATA,
                version -> new MetadataRequestData()
                        .setTopics(version == 0 ? List.of() : null)
                        .setIncludeTopicAuthorizedOperations(version >= 8)
                        .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10));
    }

    @Test
    void metadataByName() throws Exception {
        for (List<String> topics : NAMES) {
            for (boolean create : List.of(true, false)) {
                same(
                        new MetadataAuthorizer(),
                        ApiKeys.METADATA,
                        version -> new MetadataRequestData()
                                .setTopics(topics.stream()
                                        .map(name -> new MetadataRequestTopic().setName(name))
                                        .toList())
                                .setAllowAutoTopicCreation(create || version < 4)
                                .setIncludeTopicAuthorizedOperations(version >= 8)
                                .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10));
            }
        }
        assertThat(kafka.topicNames()).doesNotContain("missing", "unheard-of");
    }

    @Test
    void metadataCreatesWhatAliceMayCreate() throws Exception {
        for (short version : new short[] {3, ApiKeys.METADATA.latestVersion()}) {
            String name = "made-by-v" + version;
            MetadataRequestData request = new MetadataRequestData()
                    .setTopics(Stream.of(name, "missing")
                            .map(topic -> new MetadataRequestTopic().setName(topic))
                            .toList());

            assertThat(((MetadataResponseData) kafka.ask(new MetadataAuthorizer(), request, version)).topics())
                    .filteredOn(topic -> topic.name().equals("missing"))
                    .singleElement()
                    .extracting(topic -> Errors.forCode(topic.errorCode()))
                    .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED);
            awaitAnswer()
                    .untilAsserted(
                            () -> assertThat(kafka.topicNames()).contains(name).doesNotContain("missing"));
            kafka.deleteTopic(name);
            awaitAnswer().untilAsserted(() -> assertThat(kafka.topicNames()).doesNotContain(name));
        }
    }

    @Test
    void metadataById() {
        List<Uuid> ids = List.of(kafka.id("orders"), kafka.id("hidden"), kafka.id("seen"), new Uuid(1, 2));
        for (List<Uuid> some : List.of(ids, ids.subList(1, 2), ids.subList(0, 1))) {
            same(
                    new MetadataAuthorizer(),
                    ApiKeys.METADATA,
                    version -> version < 10
                            ? null
                            : new MetadataRequestData()
                                    .setTopics(some.stream()
                                            .map(id -> new MetadataRequestTopic()
                                                    .setName(null)
                                                    .setTopicId(id))
                                            .toList())
                                    .setIncludeTopicAuthorizedOperations(true));
        }
        same(
                new MetadataAuthorizer(),
                ApiKeys.METADATA,
                version -> version < 10
                        ? null
                        : new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null))));
    }

    @Test
    void describeTopicPartitions() {
        for (List<String> topics :
                Stream.concat(NAMES.stream(), Stream.of(List.<String>of())).toList()) {
            for (String cursor : new String[] {null, "hidden", "orders", "p", "seen"}) {
                for (int partition : new int[] {-1, 0, 1}) {
                    same(
                            new DescribeTopicPartitionsAuthorizer(),
                            ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                            version -> new DescribeTopicPartitionsRequestData()
                                    .setTopics(topics.stream()
                                            .map(name ->
                                                    new DescribeTopicPartitionsRequestData.TopicRequest().setName(name))
                                            .toList())
                                    .setResponsePartitionLimit(3)
                                    .setCursor(
                                            cursor == null
                                                    ? null
                                                    : new DescribeTopicPartitionsRequestData.Cursor()
                                                            .setTopicName(cursor)
                                                            .setPartitionIndex(partition)));
                }
            }
        }
    }

    @Test
    void findCoordinator() {
        for (int type = 0; type <= 3; type++) {
            byte keyType = (byte) type;
            List<String> keys = type == 2 ? List.of("g:" + Uuid.ONE_UUID + ":0") : List.of("z", "g", "tx", "a", "z");
            for (String key : keys) {
                same(
                        new FindCoordinatorAuthorizer(),
                        ApiKeys.FIND_COORDINATOR,
                        version -> version > 3 || (version == 0 && keyType != 0)
                                ? null
                                : new FindCoordinatorRequestData()
                                        .setKeyType(keyType)
                                        .setKey(key));
            }
            for (List<String> some : List.of(keys, List.of("z"), List.<String>of())) {
                same(
                        new FindCoordinatorAuthorizer(),
                        ApiKeys.FIND_COORDINATOR,
                        version -> version < 4
                                ? null
                                : new FindCoordinatorRequestData()
                                        .setKeyType(keyType)
                                        .setCoordinatorKeys(some));
            }
        }
    }

    @Test
    void initProducerId() {
        for (String transactionalId : new String[] {null, "hidden-tx", "seen-tx"}) {
            same(
                    new InitProducerIdAuthorizer(),
                    ApiKeys.INIT_PRODUCER_ID,
                    version -> new InitProducerIdRequestData()
                            .setTransactionalId(transactionalId)
                            .setTransactionTimeoutMs(60_000),
                    "producerId");
        }
    }

    @Test
    void addPartitionsToTxn() {
        for (String transactionalId : List.of("tx", "hidden-tx")) {
            for (List<String> topics : NAMES) {
                same(new AddPartitionsToTxnAuthorizer(), ApiKeys.ADD_PARTITIONS_TO_TXN, version -> {
                    AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
                    if (version > 3) {
                        request.transactions()
                                .add(new AddPartitionsToTxnTransaction().setTransactionalId(transactionalId));
                        return request;
                    }
                    topics.forEach(name -> request.v3AndBelowTopics()
                            .add(new AddPartitionsToTxnTopic().setName(name).setPartitions(List.of(0, 1))));
                    return request.setV3AndBelowTransactionalId(transactionalId).setV3AndBelowProducerId(987_654L);
                });
            }
        }
    }

    @Test
    void offsetsAndEndsOfTransactions() {
        for (String transactionalId : List.of("tx", "seen-tx", "hidden-tx")) {
            same(
                    new EndTxnAuthorizer(),
                    ApiKeys.END_TXN,
                    version -> new EndTxnRequestData()
                            .setTransactionalId(transactionalId)
                            .setProducerId(987_654L));
            for (String group : List.of("g", "hidden-g")) {
                same(
                        new AddOffsetsToTxnAuthorizer(),
                        ApiKeys.ADD_OFFSETS_TO_TXN,
                        version -> new AddOffsetsToTxnRequestData()
                                .setTransactionalId(transactionalId)
                                .setProducerId(987_654L)
                                .setGroupId(group));
                for (List<String> topics : NAMES) {
                    same(
                            new TxnOffsetCommitAuthorizer(),
                            ApiKeys.TXN_OFFSET_COMMIT,
                            version -> txnOffsetCommit(transactionalId, group, topics));
                }
            }
        }
    }

    @Test
    void writeTxnMarkers() {
        same(
                new WriteTxnMarkersAuthorizer(),
                ApiKeys.WRITE_TXN_MARKERS,
                version -> new WriteTxnMarkersRequestData()
                        .setMarkers(List.of(new WritableTxnMarker()
                                .setProducerId(1)
                                .setTopics(List.of(
                                        new WritableTxnMarkerTopic()
                                                .setName("orders")
                                                .setPartitionIndexes(List.of(0, 1)),
                                        new WritableTxnMarkerTopic()
                                                .setName("hidden")
                                                .setPartitionIndexes(List.of(0)))))));
    }

    @Test
    void describeProducers() {
        for (List<String> topics : NAMES) {
            same(
                    new DescribeProducersAuthorizer(),
                    ApiKeys.DESCRIBE_PRODUCERS,
                    version -> new DescribeProducersRequestData()
                            .setTopics(topics.stream()
                                    .map(name -> new DescribeProducersRequestData.TopicRequest()
                                            .setName(name)
                                            .setPartitionIndexes(List.of(0, 9)))
                                    .toList()));
        }
    }

    @Test
    void transactions() {
        for (List<String> ids : List.of(
                List.of("hidden-tx", "tx", "unheard-of", "seen-tx", "hidden-tx"),
                List.of("hidden-tx"),
                List.<String>of())) {
            same(
                    new DescribeTransactionsAuthorizer(),
                    ApiKeys.DESCRIBE_TRANSACTIONS,
                    version -> new DescribeTransactionsRequestData().setTransactionalIds(ids));
        }
        same(
                new ListTransactionsAuthorizer(),
                ApiKeys.LIST_TRANSACTIONS,
                version -> new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "Empty", "Odd")));
    }

    @Test
    void deleteRecords() {
        for (List<String> topics : NAMES) {
            same(
                    new DeleteRecordsAuthorizer(),
                    ApiKeys.DELETE_RECORDS,
                    version -> new DeleteRecordsRequestData()
                            .setTimeoutMs(1000)
                            .setTopics(topics.stream()
                                    .map(name -> new DeleteRecordsTopic()
                                            .setName(name)
                                            .setPartitions(List.of(
                                                    new DeleteRecordsPartition(),
                                                    new DeleteRecordsPartition().setPartitionIndex(9))))
                                    .toList()));
        }
    }

    /** Allowed, refused, missing, mixed, names that no topic can have, and names given twice. */
    private static final List<List<String>> NAMES = List.of(
            List.of("orders"),
            List.of("hidden"),
            List.of("missing"),
            List.of("hidden", "orders", "seen", "missing", "unheard-of"),
            List.of("missing", "not valid", "__transaction_state"),
            List.of("hidden", "orders", "hidden", "orders"));

    private static void same(
            ApiAuthorizer<?> authorizer, ApiKeys api, Function<Short, ApiMessage> request, String... masked) {
        for (short version = api.oldestVersion(); version <= api.latestVersion(false); version++) {
            ApiMessage made = request.apply(version);
            if (made != null) {
                kafka.assertSame(authorizer, made, version, masked);
            }
        }
    }

    private static ProduceRequestData produce(short version, List<String> topics, MemoryRecords records) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000);
        for (String name : topics) {
            TopicProduceData topic = new TopicProduceData()
                    .setPartitionData(List.of(
                            new PartitionProduceData().setIndex(0).setRecords(records),
                            new PartitionProduceData().setIndex(9).setRecords(records)));
            request.topicData().add(version < 13 ? topic.setName(name) : topic.setTopicId(kafka.id(name)));
        }
        return request;
    }

    private static TxnOffsetCommitRequestData txnOffsetCommit(
            String transactionalId, String group, List<String> topics) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId(transactionalId)
                .setGroupId(group)
                .setProducerId(987_654L)
                .setTopics(topics.stream()
                        .map(name -> new TxnOffsetCommitRequestTopic()
                                .setName(name)
                                .setPartitions(List.of(
                                        new TxnOffsetCommitRequestPartition().setCommittedMetadata(""),
                                        new TxnOffsetCommitRequestPartition()
                                                .setPartitionIndex(9)
                                                .setCommittedMetadata(""))))
                        .toList());
    }

    /** Their topics are made on first use; until then every answer depends on when it is asked. */
    private static void awaitCoordinators() {
        for (byte type : new byte[] {0, 1}) {
            FindCoordinatorRequestData request = new FindCoordinatorRequestData()
                    .setKeyType(type)
                    .setCoordinatorKeys(List.of("z", "g", "tx", "a", "hidden-tx", "seen-tx"));
            awaitSettled()
                    .untilAsserted(() -> assertThat(kafka.weir()
                                    .request(request, (short) 4)
                                    .as(FindCoordinatorResponseData.class)
                                    .coordinators())
                            .allMatch(coordinator -> coordinator.errorCode() == Errors.NONE.code()));
        }
        awaitSettled()
                .untilAsserted(() -> assertThat(kafka.weir()
                                .request(txnOffsetCommit("tx", "g", List.of("orders")), (short) 3)
                                .toString())
                        .doesNotContain("errorCode=14", "errorCode=15"));
    }

    private static void startTransaction(String transactionalId) {
        awaitSettled().untilAsserted(() -> {
            InitProducerIdResponseData producer = kafka.weir()
                    .request(
                            new InitProducerIdRequestData()
                                    .setTransactionalId(transactionalId)
                                    .setTransactionTimeoutMs(600_000),
                            (short) 4)
                    .as(InitProducerIdResponseData.class);
            assertThat(Errors.forCode(producer.errorCode())).isEqualTo(Errors.NONE);
            AddPartitionsToTxnRequestData partitions = new AddPartitionsToTxnRequestData()
                    .setV3AndBelowTransactionalId(transactionalId)
                    .setV3AndBelowProducerId(producer.producerId())
                    .setV3AndBelowProducerEpoch(producer.producerEpoch());
            List.of("orders", "hidden")
                    .forEach(topic -> partitions
                            .v3AndBelowTopics()
                            .add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(1))));
            assertThat(kafka.weir().request(partitions, (short) 3).toString()).doesNotContain("ErrorCode=51");
        });
    }
}
