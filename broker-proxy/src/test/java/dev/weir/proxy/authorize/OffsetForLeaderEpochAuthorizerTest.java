package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffsetForLeaderEpochAuthorizerTest {
    private final OffsetForLeaderEpochAuthorizer authorizer = new OffsetForLeaderEpochAuthorizer();

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.OFFSET_FOR_LEADER_EPOCH);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void describeIsEnoughForAClient(short version) {
        FakeContext context = new FakeContext(version).allowTopic("orders", Operation.DESCRIBE);

        for (int replicaId : new int[] {-2, -1}) {
            assertThat(OnTheWire.decide(authorizer, request("orders").setReplicaId(replicaId), context))
                    .isEqualTo(Outcome.FORWARD);
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void refusedTopicsComeAfterTheBrokersOwn(short version) {
        FakeContext context = new FakeContext(version).allowTopic("orders", Operation.DESCRIBE);
        Outcome outcome = OnTheWire.decide(authorizer, request("payments", "orders"), context);

        assertThat(OnTheWire.upstream(outcome, OffsetForLeaderEpochRequestData.class, context))
                .isEqualTo(OnTheWire.request(request("orders"), version));
        OffsetForLeaderTopicResult answered = new OffsetForLeaderTopicResult()
                .setTopic("orders")
                .setPartitions(List.of(new EpochEndOffset().setLeaderEpoch(1).setEndOffset(9)));
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        response.topics().add(answered.duplicate());
        assertThat(OnTheWire.downstream(outcome, response, context).topics())
                .containsExactly(answered, refused("payments", Errors.TOPIC_AUTHORIZATION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whereNothingIsLeftNothingGoesUp(short version) {
        FakeContext context = new FakeContext(version);
        Outcome outcome = OnTheWire.decide(authorizer, request("payments"), context);

        assertThat(OnTheWire.answer(outcome, OffsetForLeaderEpochResponseData.class, context)
                        .topics())
                .containsExactly(refused("payments", Errors.TOPIC_AUTHORIZATION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void clusterActionOpensNoTopic(short version) {
        FakeContext context = new FakeContext(version).allowCluster(Operation.CLUSTER_ACTION);

        assertThat(OnTheWire.decide(authorizer, request("payments"), context)).isInstanceOf(Outcome.Answer.class);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void nobodyComesAsAReplica(short version) {
        FakeContext context = new FakeContext(version).allowTopic(FakeContext.ANY, Operation.READ);
        Outcome outcome = OnTheWire.decide(authorizer, request("orders").setReplicaId(1), context);

        if (version < 3) {
            // the version has no such field
            assertThat(outcome).isEqualTo(Outcome.FORWARD);
        } else {
            assertThat(OnTheWire.answer(outcome, OffsetForLeaderEpochResponseData.class, context)
                            .topics())
                    .containsExactly(refused("orders", Errors.CLUSTER_AUTHORIZATION_FAILED));
        }
    }

    private static OffsetForLeaderEpochRequestData request(String... topics) {
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        for (String name : topics) {
            request.topics()
                    .add(new OffsetForLeaderTopic()
                            .setTopic(name)
                            .setPartitions(List.of(new OffsetForLeaderPartition()
                                    .setPartition(3)
                                    .setLeaderEpoch(1))));
        }
        return request;
    }

    private static OffsetForLeaderTopicResult refused(String topic, Errors error) {
        return new OffsetForLeaderTopicResult()
                .setTopic(topic)
                .setPartitions(List.of(new EpochEndOffset()
                        .setPartition(3)
                        .setErrorCode(error.code())
                        .setLeaderEpoch(-1)
                        .setEndOffset(-1)));
    }
}
