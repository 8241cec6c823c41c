package dev.weir.proxy.equivalence;

import static dev.weir.proxy.equivalence.Case.changing;
import static dev.weir.proxy.equivalence.Case.reading;
import static dev.weir.proxy.equivalence.Case.talking;

import dev.weir.proxy.equivalence.Case.Kind;
import dev.weir.proxy.equivalence.Case.Need;
import dev.weir.testkit.net.RawKafkaConnection;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.*;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Records, and what clients ask about topics. */
final class DataCases {
    /** One for each way to be allowed or refused, and two that do not exist. */
    static final List<String> TOPICS =
            List.of("open", "seen", "hidden", "read", "write", "consumed", "produced", "open-no", "hidden-no");

    private static final int NO_PARTITION = 9;
    static final MemoryRecords RECORDS = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("v".getBytes()));

    private static final MemoryRecords TRANSACTIONAL = MemoryRecords.withTransactionalRecords(
            Compression.NONE, 987_654L, (short) 0, 0, new SimpleRecord("v".getBytes()));

    private DataCases() {}

    static Stream<Case> all() {
        return Stream.of(
                changing(ApiKeys.PRODUCE, "topics", Set.of(Need.TOPICS), (s, v) -> produce(s, v, null, -1, TOPICS))
                        .masking("logAppendTimeMs")
                        .as(Kind.ADDS),
                changing(
                                ApiKeys.PRODUCE,
                                "one topic",
                                Set.of(Need.TOPICS),
                                (s, v) -> produce(s, v, null, 1, List.of("open")))
                        .masking("logAppendTimeMs")
                        .as(Kind.ADDS),
                reading(ApiKeys.PRODUCE, "refused id", (s, v) -> produce(s, v, "hidden", -1, List.of("open")))
                        .masking("logAppendTimeMs", "baseOffset"),
                transactional(null),
                transactional("open"),
                transactional("hidden"),
                noAcks("open"),
                noAcks("open", "hidden"),
                reading(ApiKeys.FETCH, "topics", (s, v) -> fetch(s, v, TOPICS)),
                reading(ApiKeys.FETCH, "one topic", (s, v) -> fetch(s, v, List.of("hidden"))),
                talking(ApiKeys.FETCH, "session", Kind.READS, DataCases::fetchSession)
                        .masking("sessionId"),
                reading(ApiKeys.FETCH, "as a replica", (s, v) -> fetchAsReplica(s, v)),
                reading(
                        ApiKeys.LIST_OFFSETS,
                        "as a replica",
                        (s, v) -> listOffsets(s, v, TOPICS).setReplicaId(1)),
                reading(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        "as a replica",
                        (s, v) -> v < 3 ? null : epochs(s).setReplicaId(1)),
                reading(ApiKeys.LIST_OFFSETS, "topics", (s, v) -> listOffsets(s, v, TOPICS)),
                reading(ApiKeys.OFFSET_FOR_LEADER_EPOCH, "topics", (s, v) -> epochs(s)),
                reading(ApiKeys.METADATA, "all topics", (s, v) -> metadata(v).setTopics(v == 0 ? List.of() : null)),
                reading(
                        ApiKeys.METADATA,
                        "topics",
                        (s, v) -> metadata(v)
                                .setAllowAutoTopicCreation(v < 4)
                                .setTopics(Stream.of("open", "seen", "hidden", "read", "write", "open", "hidden")
                                        .map(role ->
                                                new MetadataRequestData.MetadataRequestTopic().setName(s.name(role)))
                                        .toList())),
                reading(
                        ApiKeys.METADATA,
                        "missing topics",
                        (s, v) -> v < 4
                                ? null
                                : metadata(v)
                                        .setAllowAutoTopicCreation(false)
                                        .setTopics(TOPICS.stream()
                                                .map(role -> new MetadataRequestData.MetadataRequestTopic()
                                                        .setName(s.name(role)))
                                                .toList())),
                reading(
                        ApiKeys.METADATA,
                        "ids",
                        (s, v) -> v < 10
                                ? null
                                : metadata(v)
                                        .setTopics(TOPICS.stream()
                                                .map(role -> new MetadataRequestData.MetadataRequestTopic()
                                                        .setName(null)
                                                        .setTopicId(s.id(role)))
                                                .toList())),
                changing(
                        ApiKeys.METADATA,
                        "auto-create",
                        Set.of(),
                        (s, v) -> metadata(v)
                                .setTopics(Stream.of("made", "open-no", "hidden-no", "seen")
                                        .map(role ->
                                                new MetadataRequestData.MetadataRequestTopic().setName(s.name(role)))
                                        .toList())),
                reading(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, "topics", (s, v) -> describe(s, TOPICS)),
                reading(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, "all topics", (s, v) -> describe(s, List.of())),
                talking(ApiKeys.DESCRIBE_TOPIC_PARTITIONS, "pages", Kind.READS, DataCases::pages),
                changing(
                        ApiKeys.DELETE_RECORDS,
                        "topics",
                        Set.of(Need.TOPICS, Need.RECORDS),
                        (s, v) -> deleteRecords(s, TOPICS)),
                reading(
                        ApiKeys.DESCRIBE_PRODUCERS,
                        "topics",
                        (s, v) -> new DescribeProducersRequestData()
                                .setTopics(TOPICS.stream()
                                        .map(role -> new DescribeProducersRequestData.TopicRequest()
                                                .setName(s.name(role))
                                                .setPartitionIndexes(List.of(0, NO_PARTITION)))
                                        .toList())));
    }

    static ProduceRequestData produce(
            Scene s, short version, @Nullable String transactionalId, int acks, List<String> roles) {
        ProduceRequestData request = new ProduceRequestData()
                .setTransactionalId(transactionalId == null ? null : s.name(transactionalId))
                .setAcks((short) acks)
                .setTimeoutMs(10_000);
        for (String role : roles) {
            ProduceRequestData.TopicProduceData topic = new ProduceRequestData.TopicProduceData()
                    .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                            .setIndex(0)
                            .setRecords(RECORDS)));
            request.topicData().add(version < 13 ? topic.setName(s.name(role)) : topic.setTopicId(s.id(role)));
        }
        return request;
    }

    /** A refusal cannot be told, so the connection is closed. */
    private static Case noAcks(String... roles) {
        return talking(ApiKeys.PRODUCE, "acks=0 " + List.of(roles), Kind.ADDS, talk -> {
                    try (RawKafkaConnection connection = Laboratory.login(talk.newConnection(), talk.user())) {
                        connection.send(produce(talk.scene(), talk.version(), null, 0, List.of(roles)), talk.version());
                        try {
                            connection.request(new ApiVersionsRequestData(), (short) 0);
                            talk.hear("goes on");
                        } catch (UncheckedIOException e) {
                            talk.hear("closed");
                        }
                    }
                })
                .needing(Need.TOPICS);
    }

    /** Transactional batches of a producer that is in no transaction. */
    private static Case transactional(@Nullable String id) {
        return talking(ApiKeys.PRODUCE, "transactional, " + id, Kind.ACTS, talk -> {
                    ProduceRequestData request =
                            produce(talk.scene().shared(), talk.version(), id, -1, List.of("open", "hidden"));
                    request.topicData()
                            .forEach(topic ->
                                    topic.partitionData().forEach(partition -> partition.setRecords(TRANSACTIONAL)));
                    talk.ask(request);
                })
                .masking("logAppendTimeMs", "baseOffset");
    }

    private static FetchRequestData fetchAsReplica(Scene s, short version) {
        FetchRequestData request = fetch(s, version, TOPICS);
        return version < 15
                ? request.setReplicaId(1)
                : request.setReplicaState(new FetchRequestData.ReplicaState().setReplicaId(1));
    }

    private static FetchRequestData fetch(Scene s, short version, List<String> roles) {
        FetchRequestData request = new FetchRequestData().setMaxWaitMs(0).setMinBytes(0);
        for (String role : roles) {
            FetchRequestData.FetchTopic topic = new FetchRequestData.FetchTopic()
                    .setPartitions(List.of(
                            new FetchRequestData.FetchPartition().setPartitionMaxBytes(10_000),
                            new FetchRequestData.FetchPartition()
                                    .setPartition(NO_PARTITION)
                                    .setPartitionMaxBytes(10_000)));
            request.topics().add(version < 13 ? topic.setTopic(s.name(role)) : topic.setTopicId(s.id(role)));
        }
        return request;
    }

    /** Opened, asked for what is new, one topic forgotten, asked with a wrong epoch, closed. */
    private static void fetchSession(Conversation talk) throws Exception {
        if (talk.version() < 7) {
            return;
        }
        FetchRequestData first = fetch(talk.scene(), talk.version(), TOPICS).setSessionEpoch(0);
        int session = ((FetchResponseData) talk.ask(first)).sessionId();
        if (session == 0) {
            return;
        }
        talk.ask(fetch(talk.scene(), talk.version(), List.of())
                .setSessionId(session)
                .setSessionEpoch(1));
        FetchRequestData.ForgottenTopic forgotten =
                new FetchRequestData.ForgottenTopic().setPartitions(List.of(0, NO_PARTITION));
        talk.ask(fetch(talk.scene(), talk.version(), List.of("seen"))
                .setSessionId(session)
                .setSessionEpoch(2)
                .setForgottenTopicsData(List.of(
                        talk.version() < 13
                                ? forgotten.setTopic(talk.scene().name("open"))
                                : forgotten.setTopicId(talk.scene().id("open")))));
        talk.ask(fetch(talk.scene(), talk.version(), List.of())
                .setSessionId(session)
                .setSessionEpoch(9));
        talk.ask(fetch(talk.scene(), talk.version(), List.of())
                .setSessionId(session)
                .setSessionEpoch(-1));
    }

    private static ListOffsetsRequestData listOffsets(Scene s, short version, List<String> roles) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(roles.stream()
                        .map(role -> new ListOffsetsRequestData.ListOffsetsTopic()
                                .setName(s.name(role))
                                .setPartitions(List.of(
                                        new ListOffsetsRequestData.ListOffsetsPartition().setTimestamp(-1),
                                        new ListOffsetsRequestData.ListOffsetsPartition()
                                                .setPartitionIndex(NO_PARTITION)
                                                .setTimestamp(-2))))
                        .toList());
    }

    private static OffsetForLeaderEpochRequestData epochs(Scene s) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData().setReplicaId(-1);
        TOPICS.forEach(role -> request.topics()
                .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                        .setTopic(s.name(role))
                        .setPartitions(List.of(
                                new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition(),
                                new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                        .setPartition(NO_PARTITION)))));
        return request;
    }

    static MetadataRequestData metadata(short version) {
        return new MetadataRequestData()
                .setIncludeTopicAuthorizedOperations(version >= 8)
                .setIncludeClusterAuthorizedOperations(version >= 8 && version <= 10);
    }

    private static DescribeTopicPartitionsRequestData describe(Scene s, List<String> roles) {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(roles.stream()
                        .map(role -> new DescribeTopicPartitionsRequestData.TopicRequest().setName(s.name(role)))
                        .toList());
    }

    /** Page by page, and from names that are not there, may not be seen or are named in the request or not. */
    private static void pages(Conversation talk) throws Exception {
        for (List<String> topics : List.of(TOPICS, List.of("hidden", "open"), List.<String>of())) {
            for (String cursor : List.of("hidden", "open", "open-no", "seen", "zzz")) {
                for (int partition : new int[] {-1, 0, 1}) {
                    talk.ask(describe(talk.scene(), topics)
                            .setResponsePartitionLimit(2)
                            .setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                                    .setTopicName(talk.scene().name(cursor))
                                    .setPartitionIndex(partition)));
                }
            }
        }
    }

    private static ApiMessage deleteRecords(Scene s, List<String> roles) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(5000)
                .setTopics(roles.stream()
                        .map(role -> new DeleteRecordsRequestData.DeleteRecordsTopic()
                                .setName(s.name(role))
                                .setPartitions(List.of(
                                        new DeleteRecordsRequestData.DeleteRecordsPartition().setOffset(2),
                                        new DeleteRecordsRequestData.DeleteRecordsPartition()
                                                .setPartitionIndex(NO_PARTITION))))
                        .toList());
    }
}
