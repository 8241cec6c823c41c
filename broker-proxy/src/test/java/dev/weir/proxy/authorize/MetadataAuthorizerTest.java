package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.policy.decide.Operation;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetadataAuthorizerTest {
    /** What a broker says to Weir, which may do everything. */
    private static final int EVERYTHING = 0b1111111111111000;

    private static final int NOT_ASKED = AuthorizedOperations.NOT_ASKED;

    private final MetadataAuthorizer authorizer = new MetadataAuthorizer();

    static List<Short> versions() {
        return OnTheWire.versions(ApiKeys.METADATA);
    }

    static List<Short> versionsWithFlag() {
        return versions().stream().filter(version -> version >= 4).toList();
    }

    static List<Short> versionsWithoutFlag() {
        return versions().stream().filter(version -> version < 4).toList();
    }

    static List<Short> versionsWithIds() {
        return versions().stream().filter(version -> version >= 12).toList();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void ofAllTopicsOnlyThoseThatMayBeDescribedShow(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.READ);
        MetadataRequestData request = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
        Outcome outcome = decide(request, context);

        assertThat(outcome).isInstanceOf(Outcome.Forward.class);
        assertThat(downstream(outcome, context, found(version, "orders"), found(version, "payments")))
                .containsExactly(seen(version, Errors.NONE, "orders", "orders"));
        assertThat(context.denials()).isEmpty();
        assertThat(authorizer.needs(version)).isEqualTo(Needs.DECODE);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aRefusedNameIsAnsweredHereAndDoesNotSayWhetherItExists(short version) {
        FakeContext context =
                context(version).allowTopic("orders", Operation.DESCRIBE).allowCluster(Operation.CREATE);
        Outcome outcome = decide(byName("payments", "orders", "unheard-of", "payments"), context);

        assertThat(names(outcome, context)).containsExactly("orders");
        assertThat(downstream(outcome, context, found(version, "orders")))
                .containsExactly(
                        seen(version, Errors.NONE, "orders", "orders"),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "payments", null),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "unheard-of", null));
        assertThat(context.denials()).contains("TOPIC:payments:DESCRIBE", "TOPIC:unheard-of:DESCRIBE");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void whereAllNamesAreRefusedTheBrokersStillShow(short version) {
        FakeContext context = context(version);
        Outcome outcome = decide(byName("payments"), context);

        assertThat(names(outcome, context)).isEmpty();
        MetadataResponseData broker = new MetadataResponseData().setControllerId(1);
        if (version == 0) {
            // it has no way to ask for no topic
            broker.topics().add(found(version, "orders"));
        }
        assertThat(topics(OnTheWire.downstream(outcome, broker, context)))
                .containsExactly(seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "payments", null));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aNameThatPolicyTookAwayMeanwhileIsHidden(short version) {
        FakeContext context =
                context(version).allowTopic("orders", Operation.DESCRIBE).allowCluster(Operation.CREATE);
        Outcome outcome = decide(byName("orders"), context);

        context.revokeAll();
        assertThat(downstream(outcome, context, found(version, "orders")))
                .containsExactly(seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "orders", null));
    }

    @ParameterizedTest
    @MethodSource("versionsWithIds")
    void anIdIsDecidedByTheNameThatComesBack(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.DESCRIBE);
        MetadataRequestData request = new MetadataRequestData()
                .setTopics(Stream.of("orders", "payments", "unheard-of")
                        .map(topic -> new MetadataRequestTopic().setName(null).setTopicId(FakeContext.idOf(topic)))
                        .toList());
        Outcome outcome = decide(request, context);

        assertThat(outcome).isInstanceOf(Outcome.Forward.class);
        MetadataResponseTopic unknown = new MetadataResponseTopic()
                .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                .setName(null)
                .setTopicId(FakeContext.idOf("unheard-of"));
        assertThat(downstream(outcome, context, unknown, found(version, "payments"), found(version, "orders")))
                .containsExactly(
                        tuple(Errors.UNKNOWN_TOPIC_ID, null, FakeContext.idOf("unheard-of")),
                        tuple(Errors.NONE, "orders", FakeContext.idOf("orders")),
                        tuple(Errors.TOPIC_AUTHORIZATION_FAILED, null, FakeContext.idOf("payments")));
        assertThat(context.denials()).containsExactly("TOPIC:payments:DESCRIBE");
    }

    @ParameterizedTest
    @MethodSource("versionsWithIds")
    void neitherNameNorIdIsWhatKafkaTripsOver(short version) {
        FakeContext context = context(version);
        MetadataRequestData request =
                new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName(null)));

        MetadataResponseData response = OnTheWire.answer(decide(request, context), MetadataResponseData.class, context);
        assertThat(topics(response)).containsExactly(tuple(Errors.UNKNOWN_SERVER_ERROR, "", Uuid.ZERO_UUID));
    }

    @Test
    void idsAreInvalidBeforeVersion12() {
        for (int version : new int[] {10, 11}) {
            FakeContext context = context(version);
            MetadataRequestData request = new MetadataRequestData()
                    .setTopics(
                            List.of(new MetadataRequestTopic().setName(null).setTopicId(FakeContext.idOf("orders"))));

            assertThat(topics(OnTheWire.answer(decide(request, context), MetadataResponseData.class, context)))
                    .containsExactly(tuple(Errors.INVALID_REQUEST, "", FakeContext.idOf("orders")));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void creationPassesWithCreateOnTheClusterOrOnEachTopic(short version) {
        FakeContext onCluster =
                context(version).allowTopic("new", Operation.DESCRIBE).allowCluster(Operation.CREATE);
        FakeContext onTopic = context(version).allowTopic("new", Operation.DESCRIBE, Operation.CREATE);

        assertThat(decide(byName("new"), onCluster)).isInstanceOf(Outcome.Forward.class);
        assertThat(decide(byName("new"), onTopic)).isInstanceOf(Outcome.Forward.class);
    }

    @ParameterizedTest
    @MethodSource("versionsWithFlag")
    void theBrokerMayNotCreateWhatTheClientMayNot(short version) {
        FakeContext context = context(version).allowTopic(FakeContext.ANY, Operation.DESCRIBE);
        Outcome outcome = decide(byName("orders", "new", "not valid"), context);

        MetadataRequestData upstream = OnTheWire.upstream(outcome, MetadataRequestData.class, context);
        assertThat(upstream.allowAutoTopicCreation()).isFalse();
        assertThat(names(outcome, context)).containsExactly("orders", "new", "not valid");
        assertThat(downstream(
                        outcome,
                        context,
                        found(version, "orders"),
                        missing("new", Errors.UNKNOWN_TOPIC_OR_PARTITION),
                        missing("not valid", Errors.INVALID_TOPIC_EXCEPTION)))
                .containsExactly(
                        seen(version, Errors.NONE, "orders", "orders"),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "new", null),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "not valid", null));
        assertThat(context.denials()).containsExactly("TOPIC:new:CREATE", "TOPIC:not valid:CREATE");
    }

    @ParameterizedTest
    @MethodSource("versionsWithFlag")
    void whereNobodyCreatesATopicIsJustMissing(short version) {
        FakeContext context = context(version).autoCreatesTopics(false).allowTopic(FakeContext.ANY, Operation.DESCRIBE);
        Outcome outcome = decide(byName("new"), context);

        assertThat(OnTheWire.upstream(outcome, MetadataRequestData.class, context)
                        .allowAutoTopicCreation())
                .isFalse();
        assertThat(downstream(outcome, context, missing("new", Errors.UNKNOWN_TOPIC_OR_PARTITION)))
                .containsExactly(seen(version, Errors.UNKNOWN_TOPIC_OR_PARTITION, "new", null));
    }

    @ParameterizedTest
    @MethodSource("versionsWithFlag")
    void whereSomeMayBeCreatedTheOthersStayHere(short version) {
        FakeContext context =
                context(version).allowTopic(FakeContext.ANY, Operation.DESCRIBE).allowTopic("mine", Operation.CREATE);
        Outcome outcome = decide(byName("new", "mine", "orders"), context);

        assertThat(OnTheWire.upstream(outcome, MetadataRequestData.class, context)
                        .allowAutoTopicCreation())
                .isTrue();
        assertThat(names(outcome, context)).containsExactly("mine", "orders");
        assertThat(downstream(outcome, context, found(version, "mine"), found(version, "orders")))
                .containsExactly(
                        seen(version, Errors.NONE, "mine", "mine"),
                        seen(version, Errors.NONE, "orders", "orders"),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "new", null));
    }

    @ParameterizedTest
    @MethodSource("versionsWithoutFlag")
    void oldVersionsCannotForbidCreationSoTheMissingStayHere(short version) {
        FakeContext context = context(version).allowTopic(FakeContext.ANY, Operation.DESCRIBE);
        Outcome outcome = decide(byName("orders", "new"), context);

        assertThat(names(outcome, context)).containsExactly("orders");
        assertThat(downstream(outcome, context, found(version, "orders")))
                .containsExactly(
                        seen(version, Errors.NONE, "orders", "orders"),
                        seen(version, Errors.TOPIC_AUTHORIZATION_FAILED, "new", null));
    }

    @ParameterizedTest
    @MethodSource("versionsWithFlag")
    void whoAsksForNoCreationNeedsNoCreate(short version) {
        FakeContext context = context(version).allowTopic("new", Operation.DESCRIBE);

        assertThat(decide(byName("new").setAllowAutoTopicCreation(false), context))
                .isInstanceOf(Outcome.Forward.class);
    }

    @Test
    void authorizedOperationsAreTheClientsOwn() {
        for (int version = 8; version <= 10; version++) {
            FakeContext context =
                    context(version).allowTopic("orders", Operation.READ).allowCluster(Operation.ALTER);
            MetadataRequestData request = byName("orders", "payments")
                    .setAllowAutoTopicCreation(false)
                    .setIncludeTopicAuthorizedOperations(true)
                    .setIncludeClusterAuthorizedOperations(true);
            MetadataResponseData answered = answered(found(version, "orders").setTopicAuthorizedOperations(EVERYTHING))
                    .setClusterAuthorizedOperations(EVERYTHING);

            MetadataResponseData response = OnTheWire.downstream(decide(request, context), answered, context);
            assertThat(response.topics())
                    .extracting(MetadataResponseTopic::topicAuthorizedOperations)
                    .containsExactly(Operation.READ.bit() | Operation.DESCRIBE.bit(), NOT_ASKED);
            assertThat(response.clusterAuthorizedOperations())
                    .isEqualTo(Operation.ALTER.bit() | Operation.DESCRIBE.bit());

            FakeContext nobody = context(version);
            assertThat(OnTheWire.downstream(decide(request, nobody), answered, nobody)
                            .clusterAuthorizedOperations())
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("versionsWithFlag")
    void operationsThatNobodyAskedForStayUnasked(short version) {
        FakeContext context = context(version).allowTopic("orders", Operation.READ);
        MetadataResponseData response = OnTheWire.downstream(
                decide(byName("orders").setAllowAutoTopicCreation(false), context),
                answered(found(version, "orders")),
                context);

        assertThat(response.topics().find("orders").topicAuthorizedOperations()).isEqualTo(NOT_ASKED);
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(NOT_ASKED);
    }

    private Outcome decide(MetadataRequestData request, FakeContext context) {
        return OnTheWire.decide(authorizer, request, context);
    }

    private static FakeContext context(int version) {
        return new FakeContext(version).topics("orders", "payments");
    }

    private static MetadataRequestData byName(String... names) {
        return new MetadataRequestData()
                .setTopics(Stream.of(names)
                        .map(name -> new MetadataRequestTopic().setName(name))
                        .toList());
    }

    private static List<String> names(Outcome outcome, FakeContext context) {
        return OnTheWire.upstream(outcome, MetadataRequestData.class, context).topics().stream()
                .map(MetadataRequestTopic::name)
                .toList();
    }

    private static MetadataResponseTopic found(int version, String name) {
        MetadataResponseTopic topic = new MetadataResponseTopic().setName(name);
        return version < 10 ? topic : topic.setTopicId(FakeContext.idOf(name));
    }

    private static MetadataResponseTopic missing(String name, Errors error) {
        return new MetadataResponseTopic().setName(name).setErrorCode(error.code());
    }

    private static MetadataResponseData answered(MetadataResponseTopic... topics) {
        MetadataResponseData answered = new MetadataResponseData();
        for (MetadataResponseTopic topic : topics) {
            answered.topics().add(topic);
        }
        return answered;
    }

    private static List<Tuple> downstream(Outcome outcome, FakeContext context, MetadataResponseTopic... topics) {
        return topics(OnTheWire.downstream(outcome, answered(topics), context));
    }

    private static List<Tuple> topics(MetadataResponseData response) {
        return response.topics().stream()
                .map(topic -> tuple(Errors.forCode(topic.errorCode()), topic.name(), topic.topicId()))
                .toList();
    }

    private static Tuple seen(int version, Errors error, String name, String idOf) {
        return tuple(error, name, idOf == null || version < 10 ? Uuid.ZERO_UUID : FakeContext.idOf(idOf));
    }
}
