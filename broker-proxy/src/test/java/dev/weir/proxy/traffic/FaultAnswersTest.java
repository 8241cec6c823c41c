package dev.weir.proxy.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.FaultApi;
import dev.weir.policy.decide.FaultEffect;
import dev.weir.policy.decide.FaultError;
import dev.weir.policy.decide.FaultPolicy;
import dev.weir.policy.decide.RuleRef;
import dev.weir.policy.decide.TopicTable;
import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the error of a fault stands in the answer of each API, as the wire carries it. */
class FaultAnswersTest {
    private static final MemoryRecords RECORDS =
            MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("v".getBytes()));

    static List<Short> produceVersions() {
        return OnTheWire.versions(ApiKeys.PRODUCE);
    }

    static List<Short> fetchVersions() {
        return OnTheWire.versions(ApiKeys.FETCH);
    }

    static List<Short> metadataVersions() {
        return OnTheWire.versions(ApiKeys.METADATA);
    }

    static List<Short> listOffsetsVersions() {
        return OnTheWire.versions(ApiKeys.LIST_OFFSETS);
    }

    static Stream<FaultApi> answeredAsAWhole() {
        return Stream.of(FaultApi.values()).filter(api -> !api.errors().isEmpty() && !FaultApi.OF_TOPICS.contains(api));
    }

    private static FaultPolicy fault(FaultError error, String... topics) {
        Map<String, Boolean> named = new HashMap<>();
        for (String topic : topics) {
            named.put(topic, true);
        }
        return new FaultPolicy(
                new RuleRef("chaos", "faults.yaml", 3, "test"),
                "shop",
                "",
                new FaultEffect.Fail(error),
                FaultPolicy.ALL_BASIS_POINTS,
                Set.of(),
                TopicTable.of(named, Map.of()),
                false,
                null);
    }

    private static Outcome answer(FaultPolicy fault, ApiMessage request, Outcome authorized, RequestContext context) {
        FaultError code = ((FaultEffect.Fail) fault.effect()).code();
        return FaultAnswers.of(
                fault,
                Errors.valueOf(code.name()),
                ApiKeys.forId(request.apiKey()),
                OnTheWire.request(request, context.apiVersion()),
                authorized,
                context);
    }

    private static FakeContext context(short version) {
        return new FakeContext(version).topics("orders", "payments");
    }

    @ParameterizedTest
    @EnumSource(FaultApi.class)
    void theApisAreKafkas(FaultApi api) {
        ApiKeys kafkas = ApiKeys.forId(api.apiKey());
        assertThat(kafkas.name()).isEqualTo(api.name());
        assertThat(kafkas.name).isEqualTo(api.apiName());
        assertThat(ApiAuthorizers.advertises(kafkas)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(FaultError.class)
    void theErrorsAreKafkasAndSomeApiHasEach(FaultError error) {
        assertThat(Errors.valueOf(error.name())).isNotEqualTo(Errors.NONE);
        assertThat(FaultApi.values()).anyMatch(api -> api.errors().contains(error));
    }

    @ParameterizedTest
    @MethodSource("answeredAsAWhole")
    void otherApisAreAnsweredAsAWhole(FaultApi api) {
        ApiKeys kafkas = ApiKeys.forId(api.apiKey());
        short version = ApiAuthorizers.clientVersionMax(kafkas);
        ApiMessage request = WholeRequests.of(api);
        for (FaultError error : api.errors()) {
            Outcome outcome = answer(fault(error), request, Outcome.FORWARD, context(version));
            assertThat(outcome).isInstanceOf(Outcome.Answer.class);
            AbstractResponse response = AbstractResponse.parseResponse(
                    kafkas, MessageUtil.toByteBufferAccessor(((Outcome.Answer) outcome).response(), version), version);
            assertThat(response.errorCounts()).as(error.name()).containsKey(Errors.valueOf(error.name()));
        }
    }

    @ParameterizedTest
    @MethodSource("produceVersions")
    void ofAProduceRequestThePartitionsOfItsTopicsFailAndTheRestGoesOn(short version) {
        FakeContext context = context(version);
        Outcome outcome =
                answer(fault(FaultError.NOT_LEADER_OR_FOLLOWER, "orders"), produce(version), Outcome.FORWARD, context);
        ProduceRequestData rest = OnTheWire.upstream(outcome, ProduceRequestData.class, context);
        assertThat(rest.topicData())
                .singleElement()
                .satisfies(topic -> assertThat(name(topic, version)).isEqualTo("payments"));
        ProduceResponseData answered = new ProduceResponseData();
        answered.responses()
                .add(new TopicProduceResponse()
                        .setName(version < 13 ? "payments" : "")
                        .setTopicId(FakeContext.idOf("payments"))
                        .setPartitionResponses(List.of(
                                new PartitionProduceResponse().setIndex(0).setBaseOffset(7))));
        assertThat(codes(OnTheWire.downstream(outcome, answered, context), version))
                .containsOnly(
                        Map.entry("orders-0", Errors.NOT_LEADER_OR_FOLLOWER.code()),
                        Map.entry("orders-1", Errors.NOT_LEADER_OR_FOLLOWER.code()),
                        Map.entry("payments-0", Errors.NONE.code()));
    }

    @ParameterizedTest
    @MethodSource("produceVersions")
    void aProduceRequestThatFailsWholeDoesNotGoOn(short version) {
        FakeContext context = context(version);
        Outcome outcome = answer(fault(FaultError.NOT_ENOUGH_REPLICAS), produce(version), Outcome.FORWARD, context);
        ProduceResponseData response = OnTheWire.answer(outcome, ProduceResponseData.class, context);
        assertThat(codes(response, version))
                .hasSize(3)
                .allSatisfy((partition, code) -> assertThat(code).isEqualTo(Errors.NOT_ENOUGH_REPLICAS.code()));
        if (version >= 8) {
            assertThat(response.responses()
                            .iterator()
                            .next()
                            .partitionResponses()
                            .get(0)
                            .errorMessage())
                    .isEqualTo("a fault on purpose: chaos (faults.yaml:3)");
        }
    }

    @Test
    void whatItsAuthorizerHasRefusedStaysRefused() {
        short version = 9;
        FakeContext context = context(version);
        Outcome denied = new Outcome.Answer(new ProduceResponseData());
        assertThat(answer(fault(FaultError.NOT_LEADER_OR_FOLLOWER), produce(version), denied, context))
                .isSameAs(denied);
        ResponseEdit<ProduceResponseData> refusing = (response, now) -> {
            response.responses()
                    .add(new TopicProduceResponse()
                            .setName("secret")
                            .setPartitionResponses(List.of(new PartitionProduceResponse()
                                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code()))));
            return response;
        };
        Outcome outcome = answer(
                fault(FaultError.NOT_LEADER_OR_FOLLOWER),
                produce(version),
                new Outcome.Rewrite(produce(version), refusing),
                context);
        assertThat(codes(OnTheWire.answer(outcome, ProduceResponseData.class, context), version))
                .containsEntry("secret-0", Errors.TOPIC_AUTHORIZATION_FAILED.code())
                .containsEntry("orders-0", Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    @ParameterizedTest
    @MethodSource("fetchVersions")
    void ofAFetchThatNamesEverythingThePartitionsOfItsTopicsFail(short version) {
        FakeContext context = context(version);
        Outcome outcome = answer(
                fault(FaultError.NOT_LEADER_OR_FOLLOWER, "orders"),
                fetch(version, 0),
                new Outcome.Watch(null),
                context);
        FetchResponseData response = OnTheWire.answer(outcome, FetchResponseData.class, context);
        assertThat(response.errorCode()).isZero();
        assertThat(response.sessionId()).isZero();
        Map<String, Short> codes = new HashMap<>();
        response.responses()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    String name = version < 13 ? topic.topic() : context.topicName(topic.topicId());
                    codes.put(name + "-" + partition.partitionIndex(), partition.errorCode());
                    assertThat(partition.highWatermark()).isEqualTo(-1);
                    assertThat(partition.records() == null
                                    || partition.records().sizeInBytes() == 0)
                            .isTrue();
                }));
        assertThat(codes)
                .containsOnly(
                        Map.entry("orders-0", Errors.NOT_LEADER_OR_FOLLOWER.code()),
                        Map.entry("payments-0", Errors.NONE.code()));
    }

    @Test
    void aFetchThatGoesOnWithASessionHasToBeginAnew() {
        FakeContext context = context((short) 12);
        Outcome outcome = answer(
                fault(FaultError.NOT_LEADER_OR_FOLLOWER), fetch((short) 12, 5), new Outcome.Watch(null), context);
        FetchResponseData response = OnTheWire.answer(outcome, FetchResponseData.class, context);
        assertThat(response.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(response.responses()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("metadataVersions")
    void ofMetadataTheTopicsFailInTheAnswerOfTheBroker(short version) {
        FakeContext context = context(version);
        Outcome outcome = answer(
                fault(FaultError.LEADER_NOT_AVAILABLE, "orders"),
                new MetadataRequestData().setTopics(new ArrayList<>()),
                Outcome.FORWARD,
                context);
        MetadataResponseData answered = new MetadataResponseData();
        for (String topic : List.of("orders", "payments")) {
            answered.topics()
                    .add(new MetadataResponseTopic()
                            .setName(topic)
                            .setPartitions(List.of(new MetadataResponsePartition())));
        }
        MetadataResponseData response = OnTheWire.downstream(outcome, answered, context);
        assertThat(response.topics().find("orders").errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(response.topics().find("orders").partitions()).isEmpty();
        assertThat(response.topics().find("payments").errorCode()).isZero();
        assertThat(response.topics().find("payments").partitions()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("listOffsetsVersions")
    void ofListOffsetsThePartitionsFailInTheAnswerOfTheBroker(short version) {
        FakeContext context = context(version);
        Outcome outcome = answer(
                fault(FaultError.OFFSET_NOT_AVAILABLE, "orders"),
                new ListOffsetsRequestData(),
                Outcome.FORWARD,
                context);
        ListOffsetsResponseData answered = new ListOffsetsResponseData();
        for (String topic : List.of("orders", "payments")) {
            answered.topics()
                    .add(new ListOffsetsTopicResponse()
                            .setName(topic)
                            .setPartitions(List.of(new ListOffsetsPartitionResponse().setOffset(9))));
        }
        ListOffsetsResponseData response = OnTheWire.downstream(outcome, answered, context);
        ListOffsetsPartitionResponse hit = response.topics().get(0).partitions().get(0);
        assertThat(hit.errorCode()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
        assertThat(hit.offset()).isEqualTo(-1);
        assertThat(response.topics().get(1).partitions().get(0).offset()).isEqualTo(9);
    }

    @Test
    void aFaultOfTopicsIsAboutRequestsThatNameThem() {
        FaultPolicy orders = fault(FaultError.NOT_LEADER_OR_FOLLOWER, "orders");
        FaultPolicy others = fault(FaultError.NOT_LEADER_OR_FOLLOWER, "others");
        for (ApiMessage request : List.of(
                produce((short) 13),
                fetch((short) 13, 0),
                new ListOffsetsRequestData()
                        .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic().setName("orders"))),
                new MetadataRequestData()
                        .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("orders"))))) {
            assertThat(TopicFaults.concern(orders, request, context((short) 13)))
                    .isTrue();
            assertThat(TopicFaults.concern(others, request, context((short) 13)))
                    .isFalse();
        }
        assertThat(TopicFaults.concern(others, new MetadataRequestData().setTopics(null), context((short) 12)))
                .as("it asks for all")
                .isTrue();
    }

    private static ProduceRequestData produce(short version) {
        ProduceRequestData request = new ProduceRequestData().setAcks((short) -1);
        request.topicData().add(produce(version, "orders", 0, 1));
        request.topicData().add(produce(version, "payments", 0));
        return request;
    }

    private static TopicProduceData produce(short version, String topic, int... partitions) {
        TopicProduceData data = new TopicProduceData();
        if (version < 13) {
            data.setName(topic);
        } else {
            data.setTopicId(FakeContext.idOf(topic));
        }
        for (int partition : partitions) {
            data.partitionData()
                    .add(new PartitionProduceData().setIndex(partition).setRecords(RECORDS));
        }
        return data;
    }

    private static String name(TopicProduceData topic, short version) {
        return version < 13 ? topic.name() : String.valueOf(context(version).topicName(topic.topicId()));
    }

    private static Map<String, Short> codes(ProduceResponseData response, short version) {
        Map<String, Short> codes = new HashMap<>();
        response.responses().forEach(topic -> {
            String name = version < 13
                    ? topic.name()
                    : String.valueOf(context(version).topicName(topic.topicId()));
            topic.partitionResponses()
                    .forEach(partition -> codes.put(name + "-" + partition.index(), partition.errorCode()));
        });
        return codes;
    }

    private static FetchRequestData fetch(short version, int sessionEpoch) {
        FetchRequestData request = new FetchRequestData();
        if (version >= 7) {
            request.setSessionEpoch(sessionEpoch);
        }
        List<FetchTopic> topics = new ArrayList<>();
        for (String topic : List.of("orders", "payments")) {
            FetchTopic fetched = new FetchTopic().setPartitions(List.of(new FetchPartition().setPartition(0)));
            topics.add(version < 13 ? fetched.setTopic(topic) : fetched.setTopicId(FakeContext.idOf(topic)));
        }
        return request.setTopics(topics);
    }
}
