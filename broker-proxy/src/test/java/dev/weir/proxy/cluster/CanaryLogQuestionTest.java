package dev.weir.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.proxy.canary.CanaryLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class CanaryLogQuestionTest {
    private final List<Promise<MetadataResponseData>> questions = new ArrayList<>();
    private final List<CanaryLog> told = new ArrayList<>();
    private long nowMillis = -1_000_000;

    private final CanaryLogQuestion question = new CanaryLogQuestion(
            request -> {
                assertThat(request.topics()).extracting(topic -> topic.name()).containsExactly(ChangeTopics.LOG);
                Promise<MetadataResponseData> answer = Promise.promise();
                questions.add(answer);
                return answer.future();
            },
            told::add,
            () -> nowMillis);

    private void answer(Errors error) {
        MetadataResponseData answer = new MetadataResponseData();
        answer.topics()
                .add(new MetadataResponseTopic().setName(ChangeTopics.LOG).setErrorCode(error.code()));
        questions.get(questions.size() - 1).complete(answer);
    }

    private Future<Void> asked(Errors error) {
        Future<Void> asked = question.ask(false);
        answer(error);
        nowMillis += 5_000;
        return asked;
    }

    @Test
    void whatIsAmongAllTopicsIsNotAskedFor() {
        assertThat(question.ask(true).succeeded()).isTrue();
        assertThat(told).containsExactly(CanaryLog.THERE);
        assertThat(questions).isEmpty();
    }

    @Test
    void onlyAnAnswerThatSaysSoMeansThatItIsThere() {
        for (Errors error : Errors.values()) {
            told.clear();
            Future<Void> asked = asked(error);
            switch (error) {
                case NONE, LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND, REPLICA_NOT_AVAILABLE ->
                    assertThat(told).as(error.name()).containsExactly(CanaryLog.THERE);
                case UNKNOWN_TOPIC_OR_PARTITION -> assertThat(told).containsExactly(CanaryLog.NOT_THERE);
                case TOPIC_AUTHORIZATION_FAILED -> assertThat(told).containsExactly(CanaryLog.HIDDEN);
                default -> {
                    assertThat(told).as(error.name()).isEmpty();
                    assertThat(asked.cause()).hasMessageContaining(error.name()).hasMessageContaining("_weir-canary");
                }
            }
        }
    }

    @Test
    void afterAnAnswerItIsNotAskedForAWhile() {
        question.ask(false);
        answer(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        nowMillis += 4_999;
        assertThat(question.ask(false).succeeded()).isTrue();
        assertThat(questions).hasSize(1);
        nowMillis += 1;
        question.ask(false);
        assertThat(questions).hasSize(2);
    }

    @Test
    void whatFailedIsAskedAgainAtOnceAndThatOnlyOnce() {
        Future<Void> asked = question.ask(false);
        questions.get(0).fail("nobody answers");
        assertThat(asked.cause()).hasMessage("nobody answers");
        question.ask(false);
        assertThat(questions).hasSize(2);
        answer(Errors.UNKNOWN_SERVER_ERROR);
        Future<Void> last = question.ask(false);
        assertThat(questions).hasSize(3);
        answer(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(last.succeeded()).isTrue();
        question.ask(false);
        assertThat(questions).as("that was an answer").hasSize(3);
    }

    @Test
    void oneQuestionAtATimeHoweverLongItTakes() {
        Future<Void> first = question.ask(false);
        nowMillis += 20_000;
        Future<Void> second = question.ask(false);
        assertThat(questions).hasSize(1);
        assertThat(second.isComplete()).as("nobody knows yet").isFalse();
        answer(Errors.TOPIC_AUTHORIZATION_FAILED);
        assertThat(first.succeeded()).isTrue();
        assertThat(second.succeeded()).isTrue();
        assertThat(told).containsExactly(CanaryLog.HIDDEN);
    }
}
