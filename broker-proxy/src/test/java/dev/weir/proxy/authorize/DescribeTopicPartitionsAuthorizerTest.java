package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsAuthorizerTest {
    private final DescribeTopicPartitionsAuthorizer authorizer = new DescribeTopicPartitionsAuthorizer();
    private final FakeContext context = new FakeContext(0).topics("a", "b", "c", "d");

    @Test
    void thereIsOneVersion() {
        assertThat(OnTheWire.versions(ApiKeys.DESCRIBE_TOPIC_PARTITIONS)).containsExactly((short) 0);
    }

    @Test
    void allTopicsBecomesThoseThatShow() {
        context.allowTopic("d", Operation.READ).allowTopic("b", Operation.READ);
        Outcome outcome = decide(request());

        assertThat(upstream(outcome)).isEqualTo(request("b", "d"));
        assertThat(downstream(outcome, found("b"), found("d").setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())))
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("b");
        assertThat(context.denials()).isEmpty();
    }

    @Test
    void aPageOfAllTopicsStartsAtTheCursorOrAfterIt() {
        context.allowTopic("b", Operation.READ).allowTopic("d", Operation.READ);

        assertThat(upstream(decide(request().setCursor(cursor("b", 7)))))
                .isEqualTo(request("b", "d").setCursor(cursor("b", 7)));
        assertThat(upstream(decide(request().setCursor(cursor("c", 7))))).isEqualTo(request("d"));
    }

    @Test
    void whereNothingShowsNothingGoesUp() {
        assertThat(answer(decide(request())).topics()).isEmpty();
        context.allowTopic("b", Operation.READ);
        assertThat(answer(decide(request().setCursor(cursor("c", 0)))).topics()).isEmpty();
    }

    @Test
    void refusedNamesComeLast() {
        context.allowTopic("b", Operation.DESCRIBE);
        Outcome outcome = decide(request("c", "b", "unheard-of", "c").setResponsePartitionLimit(10));

        assertThat(upstream(outcome)).isEqualTo(request("b").setResponsePartitionLimit(10));
        assertThat(downstream(outcome, found("b")))
                .extracting(
                        topic -> Errors.forCode(topic.errorCode()),
                        DescribeTopicPartitionsResponseTopic::name,
                        DescribeTopicPartitionsResponseTopic::topicId,
                        DescribeTopicPartitionsResponseTopic::topicAuthorizedOperations)
                .containsExactly(
                        tuple(Errors.NONE, "b", FakeContext.idOf("b"), Operation.DESCRIBE.bit()),
                        tuple(Errors.TOPIC_AUTHORIZATION_FAILED, "c", Uuid.ZERO_UUID, AuthorizedOperations.NOT_ASKED),
                        tuple(
                                Errors.TOPIC_AUTHORIZATION_FAILED,
                                "unheard-of",
                                Uuid.ZERO_UUID,
                                AuthorizedOperations.NOT_ASKED));
        assertThat(context.denials()).containsExactly("TOPIC:c:DESCRIBE", "TOPIC:unheard-of:DESCRIBE");
    }

    @Test
    void aMissingNameThatMayBeDescribedStaysMissing() {
        context.allowTopic("new", Operation.DESCRIBE);
        Outcome outcome = decide(request("new"));

        assertThat(downstream(outcome, found("new").setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())))
                .singleElement()
                .extracting(DescribeTopicPartitionsResponseTopic::errorCode)
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void aCursorAtARefusedNameMovesOn() {
        context.allowTopic("c", Operation.DESCRIBE);
        Outcome outcome = decide(request("a", "b", "c").setCursor(cursor("b", 3)));

        assertThat(upstream(outcome)).isEqualTo(request("c"));
        assertThat(downstream(outcome, found("c")))
                .extracting(DescribeTopicPartitionsResponseTopic::name)
                .containsExactly("c", "b");
    }

    @Test
    void whereAllNamesAreRefusedNothingGoesUp() {
        assertThat(answer(decide(request("a"))).topics())
                .singleElement()
                .extracting(DescribeTopicPartitionsResponseTopic::errorCode)
                .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void aCursorThatIsNotAmongTheNamesIsInvalid() {
        for (Cursor cursor : List.of(cursor("z", 0), cursor("a", -1))) {
            assertThat(answer(decide(request("a").setCursor(cursor))).topics())
                    .singleElement()
                    .extracting(DescribeTopicPartitionsResponseTopic::errorCode)
                    .isEqualTo(Errors.INVALID_REQUEST.code());
        }
    }

    private Outcome decide(DescribeTopicPartitionsRequestData request) {
        return OnTheWire.decide(authorizer, request, context);
    }

    private DescribeTopicPartitionsRequestData upstream(Outcome outcome) {
        return OnTheWire.upstream(outcome, DescribeTopicPartitionsRequestData.class, context);
    }

    private DescribeTopicPartitionsResponseData answer(Outcome outcome) {
        return OnTheWire.answer(outcome, DescribeTopicPartitionsResponseData.class, context);
    }

    private List<DescribeTopicPartitionsResponseTopic> downstream(
            Outcome outcome, DescribeTopicPartitionsResponseTopic... topics) {
        DescribeTopicPartitionsResponseData answered = new DescribeTopicPartitionsResponseData();
        Stream.of(topics).forEach(answered.topics()::add);
        return List.copyOf(OnTheWire.downstream(outcome, answered, context).topics());
    }

    private static DescribeTopicPartitionsRequestData request(String... topics) {
        return new DescribeTopicPartitionsRequestData()
                .setTopics(Stream.of(topics)
                        .map(name -> new TopicRequest().setName(name))
                        .toList());
    }

    private static Cursor cursor(String topic, int partition) {
        return new Cursor().setTopicName(topic).setPartitionIndex(partition);
    }

    private static DescribeTopicPartitionsResponseTopic found(String name) {
        return new DescribeTopicPartitionsResponseTopic()
                .setName(name)
                .setTopicId(FakeContext.idOf(name))
                .setTopicAuthorizedOperations(0b1111111111111000);
    }
}
