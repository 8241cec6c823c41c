package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;

import dev.weir.proxy.equivalence.Case.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;

/** Producer ids, coordinators and transactions. */
final class TransactionCases {
    private static final List<String> IDS = List.of("open", "seen", "hidden");

    private TransactionCases() {}

    static Stream<Case> all() {
        return Stream.of(
                reading(
                                ApiKeys.INIT_PRODUCER_ID,
                                "no transactional id",
                                (s, v) -> new InitProducerIdRequestData().setTransactionalId(null))
                        .masking("producerId"),
                talking(ApiKeys.INIT_PRODUCER_ID, "transactional ids", Kind.CHANGES, talk -> {
                            for (String id : IDS) {
                                talk.ask(initProducerId(talk.scene().name(id)));
                            }
                        })
                        .masking("producerId"),
                reading(
                        ApiKeys.FIND_COORDINATOR,
                        "groups",
                        (s, v) -> v > 3 ? null : new FindCoordinatorRequestData().setKey(s.name("seen"))),
                reading(
                        ApiKeys.FIND_COORDINATOR,
                        "a refused group",
                        (s, v) -> v > 3 ? null : new FindCoordinatorRequestData().setKey(s.name("hidden"))),
                findCoordinators(0),
                findCoordinators(1),
                findCoordinators(3),
                reading(
                        ApiKeys.FIND_COORDINATOR,
                        "share state",
                        (s, v) -> v < 6
                                ? null
                                : new FindCoordinatorRequestData()
                                        .setKeyType((byte) 2)
                                        .setCoordinatorKeys(List.of(s.name("open") + ":" + s.id("open") + ":0"))),
                talking(ApiKeys.ADD_PARTITIONS_TO_TXN, "topics", Kind.CHANGES, TransactionCases::addPartitions),
                talking(ApiKeys.ADD_OFFSETS_TO_TXN, "group", Kind.CHANGES, TransactionCases::addOffsets),
                talking(ApiKeys.TXN_OFFSET_COMMIT, "topics", Kind.CHANGES, TransactionCases::commitOffsets),
                talking(ApiKeys.END_TXN, "commit", Kind.CHANGES, TransactionCases::end)
                        .masking("producerId"),
                reading(
                        ApiKeys.DESCRIBE_TRANSACTIONS,
                        "transactional ids",
                        (s, v) -> new DescribeTransactionsRequestData()
                                .setTransactionalIds(Stream.of("hidden", "open", "none", "seen", "open-no")
                                        .map(s::name)
                                        .toList())),
                reading(ApiKeys.LIST_TRANSACTIONS, "all", (s, v) -> new ListTransactionsRequestData()),
                reading(ApiKeys.WRITE_TXN_MARKERS, "markers", (s, v) -> markers(s)));
    }

    static InitProducerIdRequestData initProducerId(String transactionalId) {
        return new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(600_000);
    }

    private static Case findCoordinators(int keyType) {
        return reading(
                ApiKeys.FIND_COORDINATOR,
                "keys of type " + keyType,
                (s, v) -> v < 4
                        ? null
                        : new FindCoordinatorRequestData()
                                .setKeyType((byte) keyType)
                                .setCoordinatorKeys(Stream.of("hidden", "open", "seen", "hidden")
                                        .map(s::name)
                                        .toList()));
    }

    private static InitProducerIdResponseData started(Conversation talk, String id) {
        return talk.arrange(initProducerId(talk.scene().name(id)), 4, InitProducerIdResponseData.class);
    }

    /** A transaction with a partition of the shared topic, begun by the super user. */
    static InitProducerIdResponseData begun(Conversation talk, String id) {
        InitProducerIdResponseData producer = started(talk, id);
        talk.arrange(partitions(talk, id, producer, List.of("open")), 3, AddPartitionsToTxnResponseData.class);
        return producer;
    }

    private static AddPartitionsToTxnRequestData partitions(
            Conversation talk, String id, InitProducerIdResponseData producer, List<String> topics) {
        AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData()
                .setV3AndBelowTransactionalId(talk.scene().name(id))
                .setV3AndBelowProducerId(producer.producerId())
                .setV3AndBelowProducerEpoch(producer.producerEpoch());
        topics.forEach(topic -> request.v3AndBelowTopics()
                .add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic()
                        .setName(talk.scene().shared().name(topic))
                        .setPartitions(List.of(0))));
        return request;
    }

    private static void addPartitions(Conversation talk) throws Exception {
        for (String id : IDS) {
            InitProducerIdResponseData producer = started(talk, id);
            for (List<String> topics : List.of(DataCases.TOPICS, List.of("hidden"), List.of("write", "open"))) {
                for (List<Integer> indexes : List.of(List.of(0), List.of(0, 99))) {
                    AddPartitionsToTxnRequestData request = partitions(talk, id, producer, topics);
                    request.v3AndBelowTopics().forEach(topic -> topic.setPartitions(indexes));
                    talk.ask(talk.version() < 4 ? request : batched(request));
                }
            }
        }
    }

    private static AddPartitionsToTxnRequestData batched(AddPartitionsToTxnRequestData single) {
        AddPartitionsToTxnRequestData batch = new AddPartitionsToTxnRequestData();
        batch.transactions()
                .add(new AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction()
                        .setTransactionalId(single.v3AndBelowTransactionalId())
                        .setProducerId(single.v3AndBelowProducerId())
                        .setProducerEpoch(single.v3AndBelowProducerEpoch())
                        .setTopics(single.v3AndBelowTopics()));
        return batch;
    }

    private static void addOffsets(Conversation talk) throws Exception {
        for (String id : IDS) {
            InitProducerIdResponseData producer = started(talk, id);
            for (String group : List.of("open", "seen", "hidden")) {
                talk.ask(addOffsets(talk, id, producer, group));
            }
        }
    }

    private static AddOffsetsToTxnRequestData addOffsets(
            Conversation talk, String id, InitProducerIdResponseData producer, String group) {
        return new AddOffsetsToTxnRequestData()
                .setTransactionalId(talk.scene().name(id))
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setGroupId(talk.scene().name(group));
    }

    private static void commitOffsets(Conversation talk) throws Exception {
        for (String id : List.of("open", "hidden")) {
            InitProducerIdResponseData producer = started(talk, id);
            for (String group : List.of("open", "seen", "hidden")) {
                talk.arrange(addOffsets(talk, id, producer, group), 3, AddOffsetsToTxnResponseData.class);
                talk.ask(new TxnOffsetCommitRequestData()
                        .setTransactionalId(talk.scene().name(id))
                        .setProducerId(producer.producerId())
                        .setProducerEpoch(producer.producerEpoch())
                        .setGroupId(talk.scene().name(group))
                        .setTopics(DataCases.TOPICS.stream()
                                .map(topic -> new TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic()
                                        .setName(talk.scene().shared().name(topic))
                                        .setPartitions(
                                                List.of(new TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition()
                                                        .setCommittedOffset(2)
                                                        .setCommittedMetadata(""))))
                                .toList()));
            }
            talk.arrange(endOf(talk, id, producer), 3, EndTxnResponseData.class);
        }
    }

    private static EndTxnRequestData endOf(Conversation talk, String id, InitProducerIdResponseData producer) {
        return new EndTxnRequestData()
                .setTransactionalId(talk.scene().name(id))
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.producerEpoch())
                .setCommitted(true);
    }

    private static void end(Conversation talk) throws Exception {
        for (String id : IDS) {
            talk.ask(endOf(talk, id, begun(talk, id)));
        }
    }

    private static WriteTxnMarkersRequestData markers(Scene s) {
        return new WriteTxnMarkersRequestData()
                .setMarkers(List.of(new WriteTxnMarkersRequestData.WritableTxnMarker()
                        .setProducerId(1)
                        .setTopics(List.of(
                                new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                        .setName(s.shared().name("marked"))
                                        .setPartitionIndexes(List.of(0)),
                                new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                        .setName(s.shared().name("open-no"))
                                        .setPartitionIndexes(List.of(0))))));
    }
}
