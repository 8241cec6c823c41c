package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionAuthorizersTest {

    @Nested
    class InitProducerId {
        private final InitProducerIdAuthorizer authorizer = new InitProducerIdAuthorizer();

        @Test
        void theTransactionalIdDecides() {
            for (short version : OnTheWire.versions(ApiKeys.INIT_PRODUCER_ID)) {
                FakeContext context = new FakeContext(version).allowTransactionalId("tx", Operation.WRITE);

                assertThat(OnTheWire.decide(authorizer, request("tx"), context)).isEqualTo(Outcome.FORWARD);
                assertRefused(request("other"), Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, context);
                assertThat(context.denials()).containsExactly("TRANSACTIONAL_ID:other:WRITE");
                assertThat(authorizer.needs(version)).isEqualTo(Needs.DECODE);
            }
        }

        @Test
        void twoPhaseCommitIsAnOperationOfItsOwn() {
            FakeContext context = new FakeContext(6).allowTransactionalId("tx", Operation.WRITE);
            InitProducerIdRequestData request = request("tx").setEnable2Pc(true);

            assertRefused(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, context);
            assertThat(context.denials()).containsExactly("TRANSACTIONAL_ID:tx:TWO_PHASE_COMMIT");
            assertThat(OnTheWire.decide(authorizer, request("tx").setKeepPreparedTxn(true), context))
                    .isEqualTo(Outcome.FORWARD);
            context.allowTransactionalId("tx", Operation.TWO_PHASE_COMMIT);
            assertThat(OnTheWire.decide(authorizer, request, context)).isEqualTo(Outcome.FORWARD);
        }

        @Test
        void anIdempotentProducerNeedsAnyTopicOrTheCluster() {
            for (short version : OnTheWire.versions(ApiKeys.INIT_PRODUCER_ID)) {
                FakeContext nothing = new FakeContext(version).allowTopic("orders", Operation.READ);
                FakeContext topic = new FakeContext(version).allowTopic("orders", Operation.WRITE);
                FakeContext cluster = new FakeContext(version).allowCluster(Operation.IDEMPOTENT_WRITE);

                assertRefused(request(null), Errors.CLUSTER_AUTHORIZATION_FAILED, nothing);
                assertThat(nothing.denials()).containsExactly("CLUSTER:kafka-cluster:IDEMPOTENT_WRITE");
                assertThat(OnTheWire.decide(authorizer, request(null), topic)).isEqualTo(Outcome.FORWARD);
                assertThat(topic.denials()).isEmpty();
                assertThat(OnTheWire.decide(authorizer, request(null), cluster)).isEqualTo(Outcome.FORWARD);
            }
        }

        private void assertRefused(InitProducerIdRequestData request, Errors error, FakeContext context) {
            assertThat(OnTheWire.answer(
                            OnTheWire.decide(authorizer, request, context), InitProducerIdResponseData.class, context))
                    .isEqualTo(new InitProducerIdResponseData()
                            .setErrorCode(error.code())
                            .setProducerId(-1)
                            .setProducerEpoch((short) -1));
        }

        private InitProducerIdRequestData request(String transactionalId) {
            return new InitProducerIdRequestData()
                    .setTransactionalId(transactionalId)
                    .setTransactionTimeoutMs(1000);
        }
    }

    @Nested
    class AddPartitionsToTxn {
        private final AddPartitionsToTxnAuthorizer authorizer = new AddPartitionsToTxnAuthorizer();

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        void allOfItGoesOnOrNothing(int version) {
            FakeContext context = context(version).allowTransactionalId("tx", Operation.WRITE);

            assertThat(OnTheWire.decide(authorizer, request("orders", "unheard-of"), context))
                    .isEqualTo(Outcome.FORWARD);
            Outcome outcome = OnTheWire.decide(
                    authorizer, request("orders", "payments", "unheard-of", "__consumer_offsets"), context);
            assertThat(results(outcome, context))
                    .containsExactlyInAnyOrder(
                            tuple("orders", 3, Errors.OPERATION_NOT_ATTEMPTED),
                            tuple("payments", 3, Errors.TOPIC_AUTHORIZATION_FAILED),
                            tuple("unheard-of", 3, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                            tuple("__consumer_offsets", 3, Errors.TOPIC_AUTHORIZATION_FAILED));
            assertThat(authorizer.needs((short) version)).isEqualTo(Needs.of(Operation.WRITE, null, Operation.WRITE));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        void aPartitionThatDoesNotExistSaysSo(int version) {
            FakeContext context = context(version).allowTransactionalId("tx", Operation.WRITE);
            AddPartitionsToTxnRequestData request = request("payments");
            request.v3AndBelowTopics()
                    .add(new AddPartitionsToTxnTopic()
                            .setName("orders")
                            .setPartitions(List.of(-1, 0, FakeContext.PARTITIONS)));

            assertThat(results(OnTheWire.decide(authorizer, request, context), context))
                    .containsExactlyInAnyOrder(
                            tuple("payments", 3, Errors.TOPIC_AUTHORIZATION_FAILED),
                            tuple("orders", -1, Errors.UNKNOWN_TOPIC_OR_PARTITION),
                            tuple("orders", 0, Errors.OPERATION_NOT_ATTEMPTED),
                            tuple("orders", FakeContext.PARTITIONS, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 2, 3})
        void withoutTheTransactionalIdEveryPartitionSaysSo(int version) {
            FakeContext context = context(version);

            assertThat(results(OnTheWire.decide(authorizer, request("orders", "payments"), context), context))
                    .containsExactlyInAnyOrder(
                            tuple("orders", 3, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                            tuple("payments", 3, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }

        @ParameterizedTest
        @ValueSource(ints = {4, 5})
        void batchesAreForBrokers(int version) {
            FakeContext context =
                    context(version).allowTransactionalId("tx", Operation.WRITE).allowCluster(Operation.CLUSTER_ACTION);
            AddPartitionsToTxnRequestData request = new AddPartitionsToTxnRequestData();
            request.transactions().add(new AddPartitionsToTxnTransaction().setTransactionalId("tx"));

            AddPartitionsToTxnResponseData response = OnTheWire.answer(
                    OnTheWire.decide(authorizer, request, context), AddPartitionsToTxnResponseData.class, context);
            assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.CLUSTER_AUTHORIZATION_FAILED);
            assertThat(response.resultsByTransaction()).isEmpty();
            assertThat(authorizer.needs((short) version)).isEqualTo(Needs.DECODE);
        }

        private FakeContext context(int version) {
            return new FakeContext(version)
                    .topics("orders", "payments", "__consumer_offsets")
                    .allowTopic("orders", Operation.WRITE)
                    .allowTopic("unheard-of", Operation.WRITE)
                    .allowTopic("__consumer_offsets", Operation.WRITE);
        }

        private AddPartitionsToTxnRequestData request(String... topics) {
            AddPartitionsToTxnRequestData request =
                    new AddPartitionsToTxnRequestData().setV3AndBelowTransactionalId("tx");
            for (String topic : topics) {
                request.v3AndBelowTopics()
                        .add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(3)));
            }
            return request;
        }

        private List<Tuple> results(Outcome outcome, FakeContext context) {
            return OnTheWire.answer(outcome, AddPartitionsToTxnResponseData.class, context)
                    .resultsByTopicV3AndBelow()
                    .stream()
                    .flatMap(topic -> topic.resultsByPartition().stream()
                            .map(partition -> tuple(
                                    topic.name(),
                                    partition.partitionIndex(),
                                    Errors.forCode(partition.partitionErrorCode()))))
                    .toList();
        }
    }

    @Test
    void addOffsetsToTxnNeedsTransactionThenGroup() {
        AddOffsetsToTxnAuthorizer authorizer = new AddOffsetsToTxnAuthorizer();
        AddOffsetsToTxnRequestData request =
                new AddOffsetsToTxnRequestData().setTransactionalId("tx").setGroupId("g");
        for (short version : OnTheWire.versions(ApiKeys.ADD_OFFSETS_TO_TXN)) {
            FakeContext context = new FakeContext(version);

            assertThat(OnTheWire.answer(
                                    OnTheWire.decide(authorizer, request, context),
                                    AddOffsetsToTxnResponseData.class,
                                    context)
                            .errorCode())
                    .isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
            context.allowTransactionalId("tx", Operation.WRITE);
            assertThat(OnTheWire.answer(
                                    OnTheWire.decide(authorizer, request, context),
                                    AddOffsetsToTxnResponseData.class,
                                    context)
                            .errorCode())
                    .isEqualTo(Errors.GROUP_AUTHORIZATION_FAILED.code());
            context.allowGroup("g", Operation.READ);
            assertThat(OnTheWire.decide(authorizer, request, context)).isEqualTo(Outcome.FORWARD);
            assertThat(authorizer.needs(version)).isEqualTo(Needs.of(null, Operation.READ, Operation.WRITE));
        }
    }

    @Test
    void endTxnNeedsTheTransactionalId() {
        EndTxnAuthorizer authorizer = new EndTxnAuthorizer();
        EndTxnRequestData request = new EndTxnRequestData().setTransactionalId("tx");
        for (short version : OnTheWire.versions(ApiKeys.END_TXN)) {
            FakeContext context = new FakeContext(version);

            assertThat(OnTheWire.answer(
                            OnTheWire.decide(authorizer, request, context), EndTxnResponseData.class, context))
                    .isEqualTo(new EndTxnResponseData()
                            .setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code())
                            .setProducerId(-1)
                            .setProducerEpoch((short) -1));
            context.allowTransactionalId("tx", Operation.WRITE);
            assertThat(OnTheWire.decide(authorizer, request, context)).isEqualTo(Outcome.FORWARD);
            assertThat(authorizer.needs(version)).isEqualTo(Needs.of(null, null, Operation.WRITE));
        }
    }

    @Nested
    class TxnOffsetCommit {
        private final TxnOffsetCommitAuthorizer authorizer = new TxnOffsetCommitAuthorizer();

        @Test
        void transactionThenGroupThenTopics() {
            for (short version : OnTheWire.versions(ApiKeys.TXN_OFFSET_COMMIT)) {
                FakeContext context = new FakeContext(version);

                assertThat(answered(decide(request("orders"), context), context))
                        .containsExactly(result("orders", Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
                context.allowTransactionalId("tx", Operation.WRITE);
                assertThat(answered(decide(request("orders"), context), context))
                        .containsExactly(result("orders", Errors.GROUP_AUTHORIZATION_FAILED));
                context.allowGroup("g", Operation.READ);
                assertThat(answered(decide(request("orders"), context), context))
                        .containsExactly(result("orders", Errors.TOPIC_AUTHORIZATION_FAILED));
                context.allowTopic("orders", Operation.READ);
                assertThat(decide(request("orders"), context)).isEqualTo(Outcome.FORWARD);
                assertThat(authorizer.needs(version))
                        .isEqualTo(Needs.of(Operation.READ, Operation.READ, Operation.WRITE));
            }
        }

        @Test
        void refusedTopicsComeFirst() {
            for (short version : OnTheWire.versions(ApiKeys.TXN_OFFSET_COMMIT)) {
                FakeContext context = new FakeContext(version)
                        .allowTransactionalId("tx", Operation.WRITE)
                        .allowGroup("g", Operation.READ)
                        .allowTopic("orders", Operation.READ);
                Outcome outcome = decide(request("orders", "payments"), context);

                assertThat(OnTheWire.upstream(outcome, TxnOffsetCommitRequestData.class, context))
                        .isEqualTo(OnTheWire.request(request("orders"), version));
                assertThat(OnTheWire.downstream(
                                        outcome,
                                        new TxnOffsetCommitResponseData()
                                                .setTopics(List.of(result("orders", Errors.NONE))),
                                        context)
                                .topics())
                        .containsExactly(
                                result("payments", Errors.TOPIC_AUTHORIZATION_FAILED), result("orders", Errors.NONE));
            }
        }

        private Outcome decide(TxnOffsetCommitRequestData request, FakeContext context) {
            return OnTheWire.decide(authorizer, request, context);
        }

        private List<TxnOffsetCommitResponseTopic> answered(Outcome outcome, FakeContext context) {
            return OnTheWire.answer(outcome, TxnOffsetCommitResponseData.class, context)
                    .topics();
        }

        private TxnOffsetCommitRequestData request(String... topics) {
            return new TxnOffsetCommitRequestData()
                    .setTransactionalId("tx")
                    .setGroupId("g")
                    .setTopics(Stream.of(topics)
                            .map(name -> new TxnOffsetCommitRequestTopic()
                                    .setName(name)
                                    .setPartitions(List.of(new TxnOffsetCommitRequestPartition()
                                            .setPartitionIndex(3)
                                            .setCommittedOffset(9)
                                            .setCommittedMetadata("m"))))
                            .toList());
        }

        private TxnOffsetCommitResponseTopic result(String topic, Errors error) {
            return new TxnOffsetCommitResponseTopic()
                    .setName(topic)
                    .setPartitions(List.of(new TxnOffsetCommitResponsePartition()
                            .setPartitionIndex(3)
                            .setErrorCode(error.code())));
        }
    }

    @Test
    void nobodyWritesMarkers() {
        WritableTxnMarker marker = new WritableTxnMarker()
                .setProducerId(7)
                .setTopics(List.of(new WritableTxnMarkerTopic()
                        .setName("orders")
                        .setPartitionIndexes(IntStream.range(0, 2).boxed().toList())));
        for (short version : OnTheWire.versions(ApiKeys.WRITE_TXN_MARKERS)) {
            FakeContext context = new FakeContext(version)
                    .allowCluster(Operation.ALTER, Operation.CLUSTER_ACTION)
                    .allowTopic("orders", Operation.WRITE);
            Outcome outcome = OnTheWire.decide(
                    new WriteTxnMarkersAuthorizer(),
                    new WriteTxnMarkersRequestData().setMarkers(List.of(marker)),
                    context);

            assertThat(OnTheWire.answer(outcome, WriteTxnMarkersResponseData.class, context)
                            .markers())
                    .singleElement()
                    .satisfies(result -> {
                        assertThat(result.producerId()).isEqualTo(7);
                        assertThat(result.topics().get(0).partitions())
                                .extracting(partition -> Errors.forCode(partition.errorCode()))
                                .containsExactly(
                                        Errors.CLUSTER_AUTHORIZATION_FAILED, Errors.CLUSTER_AUTHORIZATION_FAILED);
                    });
        }
    }
}
