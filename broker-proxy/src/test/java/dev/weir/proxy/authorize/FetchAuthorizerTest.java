package dev.weir.proxy.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchAuthorizerTest {
    private static final int SESSION = 77;
    private final FetchAuthorizer authorizer = new FetchAuthorizer();

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 7, 12, 13, 18})
    void whatIsAllowedStreamsAsItIs(int version) {
        Outcome outcome = authorizer.decide(full(version, "orders"), context(version));

        assertThat(outcome).isInstanceOf(Outcome.Watch.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 13, 18})
    void takesOutWhatIsNotAllowedAndAnswersItBehindTheRest(int version) {
        Outcome.Rewrite outcome =
                (Outcome.Rewrite) authorizer.decide(full(version, "orders", "secret"), context(version));

        assertThat(names((FetchRequestData) outcome.request())).containsExactly("orders");
        FetchResponseData merged = Outcomes.edited(outcome, response(version, 0, "orders"), context(version));
        assertThat(merged.responses()).hasSize(2);
        assertThat(errors(merged)).containsExactly(Errors.NONE.code(), Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12, 13, 18})
    void answersHereWhenNothingIsAllowed(int version) {
        FetchResponseData answer = Outcomes.answer(
                FetchResponseData.class,
                authorizer.decide(full(version, "secret"), context(version)),
                context(version));

        assertThat(errors(answer)).containsExactly(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @Test
    void anUnknownTopicIdNeverGoesUpstream() {
        FetchRequestData request = full(13, "orders");
        request.topics().get(0).setTopicId(Uuid.randomUuid());

        FetchResponseData answer =
                Outcomes.answer(FetchResponseData.class, authorizer.decide(request, context(13)), context(13));

        assertThat(errors(answer)).containsExactly(Errors.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void aSessionWithAnUnknownTopicBeginsAnewWhenTheTopicIsThere() {
        FakeContext context = context(13).allowTopic("late", Operation.READ);
        FetchRequestData request = full(13, "orders", "late");
        Outcome opened = authorizer.decide(request, context);
        Outcomes.edited(opened, response(13, SESSION, "orders"), context);

        context.topics("late");

        assertThat(error(authorizer.decide(incremental(13, SESSION), context), context))
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aSessionOfAnotherConnectionIsNotContinued() {
        assertThat(error(authorizer.decide(incremental(13, SESSION), context(13)), context(13)))
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aSessionOfAnotherConnectionIsNotEnded() {
        FetchRequestData request = full(13, "orders").setSessionId(SESSION).setSessionEpoch(-1);

        Outcome.Rewrite outcome = (Outcome.Rewrite) authorizer.decide(request, context(13));

        assertThat(((FetchRequestData) outcome.request()).sessionId()).isZero();
    }

    @Test
    void aSessionGoesOnAsLongAsItsTopicsAreAllowed() {
        FakeContext context = open("orders");

        assertThat(authorizer.decide(incremental(13, SESSION), context)).isInstanceOf(Outcome.Watch.class);
        context.newPolicy();
        assertThat(authorizer.decide(incremental(13, SESSION), context)).isInstanceOf(Outcome.Watch.class);
        context.revokeAll();
        assertThat(error(authorizer.decide(incremental(13, SESSION), context), context))
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aRefusedTopicIsAnsweredInEveryResponseOfItsSessionUntilItIsForgotten() {
        FakeContext context = context(13);
        Outcome opened = authorizer.decide(full(13, "orders", "secret"), context);
        Outcomes.edited(opened, response(13, SESSION, "orders"), context);

        Outcome next = authorizer.decide(incremental(13, SESSION), context);
        assertThat(errors(Outcomes.edited(next, new FetchResponseData().setSessionId(SESSION), context)))
                .containsExactly(Errors.TOPIC_AUTHORIZATION_FAILED.code());

        FetchRequestData forgetting = incremental(13, SESSION);
        forgetting
                .forgottenTopicsData()
                .add(new ForgottenTopic().setTopicId(FakeContext.idOf("secret")).setPartitions(List.of(0)));
        assertThat(authorizer.decide(forgetting, context)).isInstanceOf(Outcome.Watch.class);
    }

    @Test
    void aRefusedTopicThatIsAllowedNowBeginsTheSessionAnew() {
        FakeContext context = context(13);
        Outcome opened = authorizer.decide(full(13, "orders", "secret"), context);
        Outcomes.edited(opened, response(13, SESSION, "orders"), context);

        context.allowTopic("secret", Operation.READ).newPolicy();

        assertThat(error(authorizer.decide(incremental(13, SESSION), context), context))
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void anAnswerIsDecidedAgainWhenPolicyChangedMeanwhile() {
        FakeContext context = context(13);
        ResponseWatch watch = ((Outcome.Watch) authorizer.decide(full(13, "orders"), context)).watch();
        assertThat(watch.editNow()).isNull();
        assertThat(watch.mayPass(FakeContext.idOf("orders"))).isTrue();

        context.revokeAll();

        assertThat(watch.mayPass(FakeContext.idOf("orders"))).isFalse();
        FetchResponseData response = response(13, 0, "orders");
        @SuppressWarnings("unchecked")
        ResponseEdit<FetchResponseData> edit = (ResponseEdit<FetchResponseData>) watch.editNow();
        assertThat(errors(edit.edit(response, context))).containsExactly(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 14, 15, 18})
    void nobodyReadsAsAReplica(int version) {
        FetchRequestData request = full(version, "orders");
        if (version < 15) {
            request.setReplicaId(1);
        } else {
            request.replicaState().setReplicaId(1).setReplicaEpoch(1);
        }

        FetchResponseData answer = Outcomes.answer(
                FetchResponseData.class, authorizer.decide(request, context(version)), context(version));

        assertThat(errors(answer)).containsExactly(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }

    private FakeContext open(String topic) {
        FakeContext context = context(13);
        ((Outcome.Watch) authorizer.decide(full(13, topic), context)).watch().session(SESSION);
        return context;
    }

    private static FakeContext context(int version) {
        return new FakeContext(version).topics("orders", "secret").allowTopic("orders", Operation.READ);
    }

    private static FetchRequestData full(int version, String... topics) {
        FetchRequestData request = new FetchRequestData().setSessionEpoch(version < 7 ? -1 : 0);
        List<FetchTopic> named = new ArrayList<>();
        for (String topic : topics) {
            FetchTopic one = new FetchTopic().setPartitions(List.of(new FetchPartition().setPartition(0)));
            named.add(version >= 13 ? one.setTopicId(FakeContext.idOf(topic)) : one.setTopic(topic));
        }
        return request.setTopics(named);
    }

    private static FetchRequestData incremental(int version, int session) {
        return full(version).setSessionId(session).setSessionEpoch(1);
    }

    private static FetchResponseData response(int version, int session, String topic) {
        FetchableTopicResponse one = new FetchableTopicResponse()
                .setPartitions(new ArrayList<>(List.of(new PartitionData().setPartitionIndex(0))));
        FetchResponseData response = new FetchResponseData().setSessionId(session);
        response.responses().add(version >= 13 ? one.setTopicId(FakeContext.idOf(topic)) : one.setTopic(topic));
        return response;
    }

    private static List<String> names(FetchRequestData request) {
        return request.topics().stream()
                .map(topic -> topic.topic().isEmpty()
                        ? topic.topicId().equals(FakeContext.idOf("orders")) ? "orders" : "?"
                        : topic.topic())
                .toList();
    }

    private static List<Short> errors(FetchResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionData::errorCode)
                .toList();
    }

    private static Errors error(Outcome outcome, FakeContext context) {
        return Errors.forCode(
                Outcomes.answer(FetchResponseData.class, outcome, context).errorCode());
    }
}
