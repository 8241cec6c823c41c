package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.policy.decide.Operation;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProduceAuthorizerTest {
    private static final MemoryRecords PLAIN =
            MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("v".getBytes()));
    private static final MemoryRecords TRANSACTIONAL = MemoryRecords.withTransactionalRecords(
            Compression.NONE, 7L, (short) 0, 0, new SimpleRecord("v".getBytes()));
    private static final MemoryRecords BROKEN = MemoryRecords.readableRecords(ByteBuffer.wrap(new byte[64]));

    private final ProduceAuthorizer authorizer = new ProduceAuthorizer();

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.PRODUCE);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsAllowedGoesOnAsItCame(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);

        assertThat(decide(request(version, 1, PLAIN, "orders"), context)).isEqualTo(Outcome.FORWARD);
        assertThat(authorizer.needs(version)).isEqualTo(Needs.of(Operation.WRITE, null, Operation.WRITE));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsRefusedStaysHereAndIsMergedIntoTheAnswer(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);
        Outcome outcome = decide(request(version, -1, PLAIN, "payments", "orders"), context);

        ProduceRequestData upstream = OnTheWire.upstream(outcome, ProduceRequestData.class, context);
        assertThat(upstream.topicData()).singleElement().satisfies(topic -> {
            assertThat(topic.name()).isEqualTo(version < 13 ? "orders" : "");
            assertThat(topic.partitionData()).hasSize(2);
        });
        ProduceResponseData answered = new ProduceResponseData();
        answered.responses()
                .add(named(version, "orders")
                        .setPartitionResponses(List.of(
                                new PartitionProduceResponse().setIndex(0).setBaseOffset(42))));
        assertThat(results(OnTheWire.downstream(outcome, answered, context)))
                .containsExactlyInAnyOrder(
                        result(version, "orders", 0, Errors.NONE, 42),
                        result(version, "payments", 0, Errors.TOPIC_AUTHORIZATION_FAILED, -1),
                        result(version, "payments", 1, Errors.TOPIC_AUTHORIZATION_FAILED, -1));
        assertThat(context.denials()).containsExactly("TOPIC:payments:WRITE");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whereNothingIsLeftNothingGoesUp(short version) {
        FakeContext context = context(version);
        Outcome outcome = decide(request(version, 1, PLAIN, "payments"), context);

        ProduceResponseData response = OnTheWire.answer(outcome, ProduceResponseData.class, context);
        assertThat(results(response))
                .containsExactly(
                        result(version, "payments", 0, Errors.TOPIC_AUTHORIZATION_FAILED, -1),
                        result(version, "payments", 1, Errors.TOPIC_AUTHORIZATION_FAILED, -1));
        PartitionProduceResponse first =
                response.responses().iterator().next().partitionResponses().get(0);
        assertThat(first)
                .isEqualTo(new PartitionProduceResponse()
                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                        .setBaseOffset(-1)
                        .setLogAppendTimeMs(-1)
                        .setLogStartOffset(-1));
    }

    @Test
    void anUnknownIdIsNotPassedOn() {
        FakeContext context = context(13).allowTopic(FakeContext.ANY, Operation.WRITE);
        Outcome outcome = decide(request(13, 1, PLAIN, "orders", "unheard-of", ""), context);

        assertThat(OnTheWire.upstream(outcome, ProduceRequestData.class, context)
                        .topicData())
                .extracting(TopicProduceData::topicId)
                .containsExactly(FakeContext.idOf("orders"));
        assertThat(results(OnTheWire.downstream(outcome, new ProduceResponseData(), context)))
                .containsExactly(
                        result(13, "unheard-of", 0, Errors.UNKNOWN_TOPIC_ID, -1),
                        result(13, "unheard-of", 1, Errors.UNKNOWN_TOPIC_ID, -1),
                        result(13, "", 0, Errors.UNKNOWN_TOPIC_ID, -1),
                        result(13, "", 1, Errors.UNKNOWN_TOPIC_ID, -1));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void transactionalBatchesNeedTheTransactionalId(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);
        ProduceRequestData request =
                request(version, -1, TRANSACTIONAL, "orders").setTransactionalId("tx");

        assertThat(results(OnTheWire.answer(decide(request, context), ProduceResponseData.class, context)))
                .containsExactly(
                        result(version, "orders", 0, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, -1),
                        result(version, "orders", 1, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, -1));
        assertThat(context.denials()).containsExactly("TRANSACTIONAL_ID:tx:WRITE");

        context.allowTransactionalId("tx", Operation.WRITE);
        assertThat(decide(request, context)).isEqualTo(Outcome.FORWARD);
        assertThat(results(OnTheWire.answer(
                        decide(request.setTransactionalId(null), context), ProduceResponseData.class, context)))
                .hasSize(2)
                .allSatisfy(
                        result -> assertThat(result.toList()).contains(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aTransactionalIdWithoutTransactionalBatchesNeedsNothing(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);

        assertThat(decide(request(version, -1, PLAIN, "orders").setTransactionalId("tx"), context))
                .isEqualTo(Outcome.FORWARD);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void withoutAcksARefusalClosesTheConnectionBehindTheRest(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);

        assertThat(decide(request(version, 0, PLAIN, "orders"), context)).isEqualTo(Outcome.FORWARD);
        assertThat(decide(request(version, 0, PLAIN, "orders", "payments"), context))
                .isEqualTo(new Outcome.Close(
                        "produce with acks=0 was refused: TOPIC_AUTHORIZATION_FAILED",
                        request(version, 0, PLAIN, "orders")));
        assertThat(decide(request(version, 0, PLAIN, "payments"), context))
                .isEqualTo(new Outcome.Close("produce with acks=0 was refused: TOPIC_AUTHORIZATION_FAILED"));
        assertThat(decide(request(version, 0, TRANSACTIONAL, "orders").setTransactionalId("tx"), context))
                .isInstanceOf(Outcome.Close.class);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aBatchTooBrokenToReadIsCorrupt(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.WRITE);

        assertThat(results(OnTheWire.answer(
                        decide(request(version, 1, BROKEN, "orders"), context), ProduceResponseData.class, context)))
                .containsExactly(
                        result(version, "orders", 0, Errors.CORRUPT_MESSAGE, -1),
                        result(version, "orders", 1, Errors.CORRUPT_MESSAGE, -1));
    }

    private Outcome decide(ProduceRequestData request, FakeContext context) {
        return OnTheWire.decide(authorizer, request, context);
    }

    private static FakeContext context(int version) {
        return new FakeContext(version).topics("orders", "payments");
    }

    private static ProduceRequestData request(int version, int acks, MemoryRecords records, String... topics) {
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1000);
        for (String topic : topics) {
            TopicProduceData data = new TopicProduceData()
                    .setPartitionData(List.of(
                            new PartitionProduceData().setIndex(0).setRecords(records),
                            new PartitionProduceData().setIndex(1).setRecords(records)));
            request.topicData().add(version < 13 ? data.setName(topic) : data.setTopicId(id(topic)));
        }
        return request;
    }

    private static TopicProduceResponse named(int version, String topic) {
        return version < 13
                ? new TopicProduceResponse().setName(topic)
                : new TopicProduceResponse().setTopicId(id(topic));
    }

    private static Uuid id(String topic) {
        return topic.isEmpty() ? Uuid.ZERO_UUID : FakeContext.idOf(topic);
    }

    private static Tuple result(int version, String topic, int partition, Errors error, long offset) {
        return version < 13
                ? tuple(topic, Uuid.ZERO_UUID, partition, error, offset)
                : tuple("", id(topic), partition, error, offset);
    }

    private static List<Tuple> results(ProduceResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream()
                        .map(partition -> tuple(
                                topic.name(),
                                topic.topicId(),
                                partition.index(),
                                Errors.forCode(partition.errorCode()),
                                partition.baseOffset())))
                .toList();
    }
}
