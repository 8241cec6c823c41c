package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeleteRecordsAuthorizerTest {
    private final DeleteRecordsAuthorizer authorizer = new DeleteRecordsAuthorizer();

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.DELETE_RECORDS);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void deleteIsNeeded(short version) {
        FakeContext context =
                new FakeContext(version).allowTopic("orders", Operation.DELETE).allowTopic("payments", Operation.WRITE);

        assertThat(OnTheWire.decide(authorizer, request("orders"), context)).isEqualTo(Outcome.FORWARD);
        assertThat(results(OnTheWire.answer(
                        OnTheWire.decide(authorizer, request("payments"), context),
                        DeleteRecordsResponseData.class,
                        context)))
                .containsExactly(tuple("payments", 3, Errors.TOPIC_AUTHORIZATION_FAILED, -1L));
        assertThat(authorizer.needs(version)).isEqualTo(Needs.of(Operation.DELETE, null, null));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whatIsRefusedIsMergedIntoTheAnswer(short version) {
        FakeContext context = new FakeContext(version).allowTopic("orders", Operation.DELETE);
        Outcome outcome = OnTheWire.decide(authorizer, request("payments", "orders"), context);

        assertThat(OnTheWire.upstream(outcome, DeleteRecordsRequestData.class, context))
                .isEqualTo(request("orders"));
        DeleteRecordsTopicResult orders = new DeleteRecordsTopicResult().setName("orders");
        orders.partitions()
                .add(new DeleteRecordsPartitionResult().setPartitionIndex(3).setLowWatermark(9));
        DeleteRecordsResponseData answered = new DeleteRecordsResponseData();
        answered.topics().add(orders);
        assertThat(results(OnTheWire.downstream(outcome, answered, context)))
                .containsExactlyInAnyOrder(
                        tuple("orders", 3, Errors.NONE, 9L),
                        tuple("payments", 3, Errors.TOPIC_AUTHORIZATION_FAILED, -1L));
    }

    private static DeleteRecordsRequestData request(String... topics) {
        return new DeleteRecordsRequestData()
                .setTimeoutMs(1000)
                .setTopics(Stream.of(topics)
                        .map(name -> new DeleteRecordsTopic()
                                .setName(name)
                                .setPartitions(List.of(new DeleteRecordsPartition()
                                        .setPartitionIndex(3)
                                        .setOffset(9))))
                        .toList());
    }

    private static List<Tuple> results(DeleteRecordsResponseData response) {
        return response.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> tuple(
                                topic.name(),
                                partition.partitionIndex(),
                                Errors.forCode(partition.errorCode()),
                                partition.lowWatermark())))
                .toList();
    }
}
