package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ListOffsetsAuthorizerTest {
    private final ListOffsetsAuthorizer authorizer = new ListOffsetsAuthorizer();

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.LIST_OFFSETS);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describeIsEnough(short version) {
        FakeContext context = new FakeContext(version).allowTopic("orders", Operation.DESCRIBE);

        assertThat(OnTheWire.decide(authorizer, request("orders"), context)).isEqualTo(Outcome.FORWARD);
        assertThat(authorizer.needs(version)).isEqualTo(Needs.DECODE);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void refusedTopicsComeAfterTheBrokersOwn(short version) {
        FakeContext context = new FakeContext(version).allowTopic("orders", Operation.DESCRIBE);
        Outcome outcome = OnTheWire.decide(authorizer, request("payments", "orders"), context);

        assertThat(OnTheWire.upstream(outcome, ListOffsetsRequestData.class, context))
                .isEqualTo(OnTheWire.request(request("orders"), version));
        ListOffsetsTopicResponse answered = new ListOffsetsTopicResponse()
                .setName("orders")
                .setPartitions(
                        List.of(new ListOffsetsPartitionResponse().setOffset(5).setTimestamp(6)));
        assertThat(OnTheWire.downstream(outcome, new ListOffsetsResponseData().setTopics(List.of(answered)), context)
                        .topics())
                .containsExactly(answered, refused("payments", Errors.TOPIC_AUTHORIZATION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whereNothingIsLeftNothingGoesUp(short version) {
        FakeContext context = new FakeContext(version);
        Outcome outcome = OnTheWire.decide(authorizer, request("payments"), context);

        assertThat(OnTheWire.answer(outcome, ListOffsetsResponseData.class, context)
                        .topics())
                .containsExactly(refused("payments", Errors.TOPIC_AUTHORIZATION_FAILED));
        assertThat(context.denials()).containsExactly("TOPIC:payments:DESCRIBE");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nobodyComesAsAReplica(short version) {
        FakeContext context = new FakeContext(version)
                .allowTopic(FakeContext.ANY, Operation.READ)
                .allowCluster(Operation.CLUSTER_ACTION);

        for (int replicaId : new int[] {-2, 0, 1}) {
            Outcome outcome = OnTheWire.decide(authorizer, request("orders").setReplicaId(replicaId), context);
            assertThat(OnTheWire.answer(outcome, ListOffsetsResponseData.class, context)
                            .topics())
                    .containsExactly(refused("orders", Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
    }

    private static ListOffsetsRequestData request(String... topics) {
        return new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(Stream.of(topics)
                        .map(name -> new ListOffsetsTopic()
                                .setName(name)
                                .setPartitions(List.of(new ListOffsetsPartition()
                                        .setPartitionIndex(3)
                                        .setTimestamp(-1))))
                        .toList());
    }

    private static ListOffsetsTopicResponse refused(String topic, Errors error) {
        return new ListOffsetsTopicResponse()
                .setName(topic)
                .setPartitions(List.of(new ListOffsetsPartitionResponse()
                        .setPartitionIndex(3)
                        .setErrorCode(error.code())
                        .setOffset(-1)
                        .setTimestamp(-1)
                        .setLeaderEpoch(-1)));
    }
}
