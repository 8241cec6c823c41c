package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FindCoordinatorAuthorizerTest {
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;

    private final FindCoordinatorAuthorizer authorizer = new FindCoordinatorAuthorizer();

    static List<Short> single() {
        return OnTheWire.versions(ApiKeys.FIND_COORDINATOR).stream()
                .filter(version -> version < 4)
                .toList();
    }

    static List<Short> batched() {
        return OnTheWire.versions(ApiKeys.FIND_COORDINATOR).stream()
                .filter(version -> version >= 4)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("single")
    void oneKeyIsDecidedByItsType(short version) {
        FakeContext context =
                new FakeContext(version).allowGroup("g", Operation.READ).allowTransactionalId("tx", Operation.WRITE);

        assertThat(decide(one(GROUP, "g"), context)).isEqualTo(Outcome.FORWARD);
        assertOne(decide(one(GROUP, "tx"), context), Errors.GROUP_AUTHORIZATION_FAILED, context);
        if (version >= 1) {
            assertThat(decide(one(TRANSACTION, "tx"), context)).isEqualTo(Outcome.FORWARD);
            assertOne(decide(one(TRANSACTION, "g"), context), Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, context);
            assertOne(decide(one(SHARE, "g:id:0"), context), Errors.INVALID_REQUEST, context);
            assertOne(decide(one((byte) 3, "g"), context), Errors.INVALID_REQUEST, context);
        }
    }

    @ParameterizedTest
    @MethodSource("batched")
    void refusedKeysKeepTheirPlaces(short version) {
        FakeContext context =
                new FakeContext(version).allowGroup("b", Operation.DESCRIBE).allowGroup("d", Operation.DESCRIBE);
        Outcome outcome = decide(many(GROUP, "a", "b", "c", "d", "e"), context);

        assertThat(OnTheWire.upstream(outcome, FindCoordinatorRequestData.class, context))
                .isEqualTo(many(GROUP, "b", "d"));
        assertThat(OnTheWire.downstream(
                                outcome,
                                new FindCoordinatorResponseData().setCoordinators(List.of(found("b"), found("d"))),
                                context)
                        .coordinators())
                .containsExactly(
                        refused("a", Errors.GROUP_AUTHORIZATION_FAILED),
                        found("b"),
                        refused("c", Errors.GROUP_AUTHORIZATION_FAILED),
                        found("d"),
                        refused("e", Errors.GROUP_AUTHORIZATION_FAILED));
    }

    @ParameterizedTest
    @MethodSource("batched")
    void batchesOfTransactionalIds(short version) {
        FakeContext context = new FakeContext(version).allowTransactionalId("tx", Operation.DESCRIBE);

        assertThat(decide(many(TRANSACTION, "tx"), context)).isEqualTo(Outcome.FORWARD);
        assertThat(decide(many(TRANSACTION), context)).isEqualTo(Outcome.FORWARD);
        assertThat(answered(decide(many(TRANSACTION, "y", "z"), context), context))
                .containsExactly(
                        refused("y", Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED),
                        refused("z", Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        assertThat(context.denials()).containsExactly("TRANSACTIONAL_ID:y:DESCRIBE", "TRANSACTIONAL_ID:z:DESCRIBE");
    }

    @ParameterizedTest
    @MethodSource("batched")
    void shareCoordinatorsAreForBrokers(short version) {
        FakeContext context = new FakeContext(version)
                .allowGroup(FakeContext.ANY, Operation.READ)
                .allowCluster(Operation.CLUSTER_ACTION);
        List<Coordinator> answered = answered(decide(many(SHARE, "g:id:0"), context), context);

        if (version < 6) {
            assertThat(answered).containsExactly(refused("g:id:0", Errors.INVALID_REQUEST));
        } else {
            assertThat(answered)
                    .containsExactly(refused("g:id:0", Errors.CLUSTER_AUTHORIZATION_FAILED)
                            .setErrorMessage(Errors.CLUSTER_AUTHORIZATION_FAILED.message()));
        }
    }

    @ParameterizedTest
    @MethodSource("batched")
    void aKeyTypeOfTheFutureIsInvalid(short version) {
        FakeContext context = new FakeContext(version).allowGroup(FakeContext.ANY, Operation.READ);

        assertThat(answered(decide(many((byte) 3, "k"), context), context))
                .containsExactly(
                        refused("k", Errors.INVALID_REQUEST).setErrorMessage(Errors.INVALID_REQUEST.message()));
    }

    private Outcome decide(FindCoordinatorRequestData request, FakeContext context) {
        return OnTheWire.decide(authorizer, request, context);
    }

    private static List<Coordinator> answered(Outcome outcome, FakeContext context) {
        return OnTheWire.answer(outcome, FindCoordinatorResponseData.class, context)
                .coordinators();
    }

    private static void assertOne(Outcome outcome, Errors error, FakeContext context) {
        FindCoordinatorResponseData response = OnTheWire.answer(outcome, FindCoordinatorResponseData.class, context);
        assertThat(response)
                .isEqualTo(new FindCoordinatorResponseData()
                        .setErrorCode(error.code())
                        .setErrorMessage(context.apiVersion() == 0 ? "" : error.message())
                        .setNodeId(-1)
                        .setHost("")
                        .setPort(-1));
    }

    private static FindCoordinatorRequestData one(byte type, String key) {
        return new FindCoordinatorRequestData().setKeyType(type).setKey(key);
    }

    private static FindCoordinatorRequestData many(byte type, String... keys) {
        return new FindCoordinatorRequestData().setKeyType(type).setCoordinatorKeys(List.of(keys));
    }

    private static Coordinator found(String key) {
        return new Coordinator().setKey(key).setNodeId(1).setHost("weir").setPort(9092);
    }

    private static Coordinator refused(String key, Errors error) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setNodeId(-1)
                .setHost("")
                .setPort(-1);
    }
}
