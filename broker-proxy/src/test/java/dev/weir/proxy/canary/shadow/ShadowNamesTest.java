package dev.weir.proxy.canary.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.authorize.ApiAuthorizers;
import dev.weir.proxy.authorize.FakeContext;
import dev.weir.proxy.authorize.OnTheWire;
import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.canary.group.SharedGroup;
import dev.weir.proxy.wire.spec.Direction;
import dev.weir.proxy.wire.spec.FieldSpec;
import dev.weir.proxy.wire.spec.FieldType;
import dev.weir.proxy.wire.spec.MessageSpec;
import dev.weir.proxy.wire.spec.MessageSpecs;
import dev.weir.proxy.wire.spec.StructSpec;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShadowNamesTest {
    private static final MessageSpecs SPECS = new MessageSpecs();

    /** Requests that name a transaction, each in a way that every version can say. */
    private static final Map<ApiKeys, Supplier<ApiMessage>> TRANSACTIONS = Map.of(
            ApiKeys.INIT_PRODUCER_ID,
            () -> new InitProducerIdRequestData().setTransactionalId("t"),
            ApiKeys.ADD_PARTITIONS_TO_TXN,
            () -> new AddPartitionsToTxnRequestData()
                    .setV3AndBelowTransactionalId("t")
                    .setV3AndBelowTopics(partitions()),
            ApiKeys.ADD_OFFSETS_TO_TXN,
            () -> new AddOffsetsToTxnRequestData().setTransactionalId("t").setGroupId("h"),
            ApiKeys.TXN_OFFSET_COMMIT,
            () -> new TxnOffsetCommitRequestData().setTransactionalId("t").setGroupId("h"),
            ApiKeys.END_TXN,
            () -> new EndTxnRequestData().setTransactionalId("t"),
            ApiKeys.DESCRIBE_TRANSACTIONS,
            () -> new DescribeTransactionsRequestData().setTransactionalIds(List.of("t")),
            ApiKeys.PRODUCE,
            () -> new ProduceRequestData().setTransactionalId("t"));

    private static AddPartitionsToTxnTopicCollection partitions() {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName("receipts").setPartitions(List.of(1)));
        return topics;
    }

    static Stream<Arguments> transactions() {
        return TRANSACTIONS.keySet().stream()
                .flatMap(api -> OnTheWire.versions(api).stream()
                        .filter(version -> api != ApiKeys.ADD_PARTITIONS_TO_TXN || version <= 3)
                        .map(version -> Arguments.of(api, version)));
    }

    static List<Short> metadata() {
        return OnTheWire.versions(ApiKeys.METADATA);
    }

    static List<Short> coordinators() {
        return OnTheWire.versions(ApiKeys.FIND_COORDINATOR);
    }

    private static ShadowContext shadow(int version) {
        return Dark.context(Dark.client(version, SharedGroup.DARK));
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void itsTransactionsAreNobodyElses(ApiKeys api, short version) {
        ShadowContext shadow = shadow(version);
        Outcome outcome = Dark.decide(api, TRANSACTIONS.get(api).get(), shadow);

        ApiMessage sent = OnTheWire.upstream(outcome, ApiMessage.class, shadow);
        assertThat(sent.toString()).contains("t~canary").doesNotContain("'t'", "[t]");
        if (sent instanceof AddPartitionsToTxnRequestData add) {
            assertThat(add.v3AndBelowTopics())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.name()).isEqualTo("receipts.shadow"));
            AddPartitionsToTxnResponseData added = new AddPartitionsToTxnResponseData();
            added.resultsByTopicV3AndBelow().add(new AddPartitionsToTxnTopicResult().setName("receipts.shadow"));
            assertThat(OnTheWire.downstream(outcome, added, shadow).resultsByTopicV3AndBelow())
                    .singleElement()
                    .satisfies(topic -> assertThat(topic.name()).isEqualTo("receipts"));
        }
        if (api == ApiKeys.ADD_OFFSETS_TO_TXN || api == ApiKeys.TXN_OFFSET_COMMIT) {
            assertThat(sent.toString()).contains("h~canary");
        }
    }

    /** Kafka's own specs say which requests name transactions: none is left out. */
    @Test
    void everyRequestThatNamesATransactionIsListed() {
        for (ApiKeys api : ApiKeys.values()) {
            MessageSpec spec = SPECS.spec(api.id, Direction.REQUEST);
            if (spec != null && ApiAuthorizers.advertises(api) && names(spec.body())) {
                assertThat(TRANSACTIONS).as(api.name).containsKey(api);
            }
        }
    }

    private static boolean names(StructSpec struct) {
        return struct.fields().stream().anyMatch(ShadowNamesTest::names);
    }

    private static boolean names(FieldSpec field) {
        FieldType element = field.type().element();
        return field.entityType().equals("transactionalId")
                || (element instanceof FieldType.Struct struct && names(struct.spec()));
    }

    @Test
    void whatItLooksAtIsTheTopicThatGetsWhatItWrites() {
        ShadowContext offsets = shadow(ApiKeys.LIST_OFFSETS.latestVersion());
        Outcome listed = Dark.decide(
                ApiKeys.LIST_OFFSETS,
                new ListOffsetsRequestData()
                        .setReplicaId(-1) // a client
                        .setTopics(List.of(
                                new ListOffsetsTopic()
                                        .setName("receipts")
                                        .setPartitions(List.of(new ListOffsetsPartition().setPartitionIndex(1))),
                                new ListOffsetsTopic()
                                        .setName("bills")
                                        .setPartitions(List.of(new ListOffsetsPartition().setPartitionIndex(0))))),
                offsets);
        assertThat(OnTheWire.upstream(listed, ListOffsetsRequestData.class, offsets)
                        .topics())
                .extracting(ListOffsetsTopic::name)
                .containsExactly("receipts.shadow", "bills");
        ListOffsetsResponseData answer = new ListOffsetsResponseData()
                .setTopics(List.of(
                        new ListOffsetsTopicResponse().setName("receipts.shadow"),
                        new ListOffsetsTopicResponse().setName("bills")));
        assertThat(OnTheWire.downstream(listed, answer, offsets).topics())
                .extracting(ListOffsetsTopicResponse::name)
                .containsExactly("receipts", "bills");

        ShadowContext configs = shadow(ApiKeys.DESCRIBE_CONFIGS.latestVersion());
        Outcome described = Dark.decide(
                ApiKeys.DESCRIBE_CONFIGS,
                new DescribeConfigsRequestData()
                        .setResources(List.of(new DescribeConfigsResource()
                                .setResourceType(ConfigResource.Type.TOPIC.id())
                                .setResourceName("receipts"))),
                configs);
        assertThat(OnTheWire.upstream(described, DescribeConfigsRequestData.class, configs)
                        .resources())
                .extracting(DescribeConfigsResource::resourceName)
                .containsExactly("receipts.shadow");
        DescribeConfigsResponseData settings = new DescribeConfigsResponseData()
                .setResults(List.of(new DescribeConfigsResult()
                        .setResourceType(ConfigResource.Type.TOPIC.id())
                        .setResourceName("receipts.shadow")));
        assertThat(OnTheWire.downstream(described, settings, configs).results())
                .extracting(DescribeConfigsResult::resourceName)
                .containsExactly("receipts");
    }

    @Test
    void partitionsOfATopicThatItWritesToAreDescribedUnderItsName() {
        ShadowContext shadow = shadow(ApiKeys.DESCRIBE_TOPIC_PARTITIONS.latestVersion());
        Outcome outcome = Dark.decide(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new TopicRequest().setName("receipts")))
                        .setCursor(new DescribeTopicPartitionsRequestData.Cursor()
                                .setTopicName("receipts")
                                .setPartitionIndex(1)),
                shadow);
        DescribeTopicPartitionsRequestData sent =
                OnTheWire.upstream(outcome, DescribeTopicPartitionsRequestData.class, shadow);
        assertThat(sent.topics()).extracting(TopicRequest::name).containsExactly("receipts.shadow");
        assertThat(sent.cursor().topicName()).isEqualTo("receipts.shadow");

        DescribeTopicPartitionsResponseData answer = new DescribeTopicPartitionsResponseData()
                .setNextCursor(new DescribeTopicPartitionsResponseData.Cursor()
                        .setTopicName("receipts.shadow")
                        .setPartitionIndex(2));
        answer.topics().add(new DescribeTopicPartitionsResponseTopic().setName("receipts.shadow"));
        DescribeTopicPartitionsResponseData told = OnTheWire.downstream(outcome, answer, shadow);
        assertThat(told.topics())
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("receipts");
        assertThat(told.nextCursor().topicName()).isEqualTo("receipts");
    }

    @Test
    void itIsGivenNoDelegationToken() {
        for (ApiKeys api : List.of(ApiKeys.CREATE_DELEGATION_TOKEN, ApiKeys.DESCRIBE_DELEGATION_TOKEN)) {
            ApiMessage request = api == ApiKeys.CREATE_DELEGATION_TOKEN
                    ? new CreateDelegationTokenRequestData()
                    : new DescribeDelegationTokenRequestData();
            assertThat(Dark.decide(api, request, shadow(api.latestVersion())))
                    .as(api.name)
                    .isInstanceOf(Outcome.Answer.class);
        }
    }

    @Test
    void aProducerWithoutATransactionHasNone() {
        assertThat(Dark.decide(
                        ApiKeys.INIT_PRODUCER_ID, new InitProducerIdRequestData().setTransactionalId(null), shadow(5)))
                .isEqualTo(Outcome.FORWARD);
        assertThat(Dark.decide(
                        ApiKeys.INIT_PRODUCER_ID, new InitProducerIdRequestData().setTransactionalId(""), shadow(5)))
                .as("brokers refuse it")
                .isEqualTo(Outcome.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("coordinators")
    void findsTheCoordinatorOfItsOwnTransaction(short version) {
        if (version == 0) {
            return; // knows groups alone
        }
        FindCoordinatorRequestData request = new FindCoordinatorRequestData().setKeyType((byte) 1);
        Outcome outcome = Dark.decide(
                ApiKeys.FIND_COORDINATOR,
                version < 4 ? request.setKey("t") : request.setCoordinatorKeys(List.of("t")),
                shadow(version));
        FindCoordinatorRequestData sent =
                OnTheWire.upstream(outcome, FindCoordinatorRequestData.class, shadow(version));
        assertThat(version < 4 ? sent.key() : sent.coordinatorKeys().get(0)).isEqualTo("t~canary");
        if (version >= 4) {
            FindCoordinatorResponseData found = new FindCoordinatorResponseData();
            found.coordinators().add(new FindCoordinatorResponseData.Coordinator().setKey("t~canary"));
            assertThat(OnTheWire.downstream(outcome, found, shadow(version)).coordinators())
                    .extracting(FindCoordinatorResponseData.Coordinator::key)
                    .containsExactly("t");
        }
    }

    @Test
    void seesItsOwnTransactions() {
        ListTransactionsResponseData all = new ListTransactionsResponseData();
        for (String id : List.of("t", "t~canary")) {
            all.transactionStates().add(new ListTransactionsResponseData.TransactionState().setTransactionalId(id));
        }
        Outcome list = Dark.decide(ApiKeys.LIST_TRANSACTIONS, new ListTransactionsRequestData(), shadow(1));
        assertThat(OnTheWire.downstream(list, all, shadow(1)).transactionStates())
                .extracting(ListTransactionsResponseData.TransactionState::transactionalId)
                .containsExactly("t");

        DescribeTransactionsResponseData.TransactionState state =
                new DescribeTransactionsResponseData.TransactionState().setTransactionalId("t~canary");
        state.topics().add(new DescribeTransactionsResponseData.TopicData().setTopic("receipts.shadow"));
        DescribeTransactionsResponseData described =
                new DescribeTransactionsResponseData().setTransactionStates(List.of(state));
        Outcome describe = Dark.decide(
                ApiKeys.DESCRIBE_TRANSACTIONS,
                TRANSACTIONS.get(ApiKeys.DESCRIBE_TRANSACTIONS).get(),
                shadow(0));
        assertThat(OnTheWire.downstream(describe, described, shadow(0)).toString())
                .contains("'t'", "'receipts'")
                .doesNotContain("canary", "shadow");
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void aTopicThatItWritesToIsTheOneThatReallyGetsIt(short version) {
        ShadowContext shadow = shadow(version);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(
                        new MetadataRequestTopic().setName("bills"), new MetadataRequestTopic().setName("receipts")));
        Outcome outcome = Dark.decide(ApiKeys.METADATA, request, shadow);
        MetadataRequestData sent = OnTheWire.upstream(outcome, MetadataRequestData.class, shadow);
        assertThat(sent.topics())
                .extracting(MetadataRequestTopic::name)
                .containsExactlyInAnyOrder("bills", "receipts.shadow");
        assertThat(version < 4 || !sent.allowAutoTopicCreation())
                .as("nothing is made for it")
                .isTrue();

        assertThat(shown(outcome, shadow, "bills", "receipts.shadow"))
                .containsExactlyInAnyOrder("bills of bills", "receipts of receipts.shadow");
    }

    @ParameterizedTest
    @MethodSource("metadata")
    void ofAllTopicsItSeesTheOnesThatItWritesTo(short version) {
        ShadowContext shadow = shadow(version);
        MetadataRequestData request = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
        Outcome outcome = Dark.decide(ApiKeys.METADATA, request, shadow);
        assertThat(shown(outcome, shadow, "bills", "receipts", "receipts.shadow", "audit"))
                .containsExactlyInAnyOrder("bills of bills", "receipts of receipts.shadow", "audit of audit");
    }

    @Test
    void topicsHaveTheirNamesByIdToo() {
        ShadowContext shadow = shadow(12);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(List.of(
                        new MetadataRequestTopic().setName(null).setTopicId(FakeContext.idOf("receipts.shadow"))));
        Outcome outcome = Dark.decide(ApiKeys.METADATA, request, shadow);
        assertThat(shown(outcome, shadow, "receipts.shadow")).containsExactly("receipts of receipts.shadow");
        assertThat(shown(outcome, shadow, "receipts")).as("the other one's id").isEmpty();
    }

    private static List<String> shown(Outcome outcome, ShadowContext shadow, String... topics) {
        MetadataResponseData response = new MetadataResponseData();
        for (String topic : topics) {
            response.topics().add(new MetadataResponseTopic().setName(topic).setTopicId(FakeContext.idOf(topic)));
        }
        boolean ids = shadow.apiVersion() >= 10;
        return OnTheWire.downstream(outcome, response, shadow).topics().stream()
                .map(topic -> topic.name() + " of "
                        + (ids ? Dark.topic(topic.topicId()) : topic.name().replace("receipts", "receipts.shadow")))
                .toList();
    }

    @Test
    void aTopicThatIsNotThereIsUnknown() {
        ShadowContext shadow = Dark.context(Dark.client(13, SharedGroup.DARK));
        MetadataRequestData request =
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("receipts")));
        Outcome outcome = Dark.decide(ApiKeys.METADATA, request, shadow);
        MetadataResponseData response = new MetadataResponseData();
        response.topics()
                .add(new MetadataResponseTopic()
                        .setName("receipts.shadow")
                        .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
        assertThat(OnTheWire.downstream(outcome, response, shadow).topics())
                .singleElement()
                .satisfies(topic -> {
                    assertThat(topic.name()).isEqualTo("receipts");
                    assertThat(topic.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                });
    }
}
