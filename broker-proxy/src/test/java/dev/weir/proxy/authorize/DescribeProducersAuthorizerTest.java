package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class DescribeProducersAuthorizerTest {
    private final DescribeProducersAuthorizer authorizer = new DescribeProducersAuthorizer();
    private final FakeContext context =
            new FakeContext(0).allowTopic("orders", Operation.READ).allowTopic("payments", Operation.WRITE);

    @Test
    void thereIsOneVersion() {
        assertThat(OnTheWire.versions(ApiKeys.DESCRIBE_PRODUCERS)).containsExactly((short) 0);
        assertThat(authorizer.needs((short) 0)).isEqualTo(Needs.of(Operation.READ, null, null));
    }

    @Test
    void readIsEnough() {
        assertThat(OnTheWire.decide(authorizer, request("orders"), context)).isEqualTo(Outcome.FORWARD);
    }

    @Test
    void refusedTopicsKeepTheirPlacesAndWrongNamesGoToTheBroker() {
        Outcome outcome = OnTheWire.decide(authorizer, request("payments", "not valid", "orders"), context);

        assertThat(OnTheWire.upstream(outcome, DescribeProducersRequestData.class, context))
                .isEqualTo(request("not valid", "orders"));
        DescribeProducersResponseData answered = new DescribeProducersResponseData()
                .setTopics(List.of(new TopicResponse().setName("not valid"), new TopicResponse().setName("orders")));
        assertThat(OnTheWire.downstream(outcome, answered, context).topics())
                .containsExactly(
                        refused("payments"),
                        new TopicResponse().setName("not valid"),
                        new TopicResponse().setName("orders"));
    }

    @Test
    void whereAllAreRefusedNothingGoesUp() {
        Outcome outcome = OnTheWire.decide(authorizer, request("payments"), context);

        assertThat(OnTheWire.answer(outcome, DescribeProducersResponseData.class, context)
                        .topics())
                .containsExactly(refused("payments"));
    }

    private static DescribeProducersRequestData request(String... topics) {
        return new DescribeProducersRequestData()
                .setTopics(Stream.of(topics)
                        .map(name -> new TopicRequest().setName(name).setPartitionIndexes(List.of(3)))
                        .toList());
    }

    private static TopicResponse refused(String topic) {
        return new TopicResponse()
                .setName(topic)
                .setPartitions(List.of(new PartitionResponse()
                        .setPartitionIndex(3)
                        .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                        .setErrorMessage(Errors.TOPIC_AUTHORIZATION_FAILED.message())));
    }
}
