package dev.weir.proxy.cluster;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.proxy.canary.CanaryLog;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a cluster has a log of canaries. A broker that is asked for all topics leaves out those that Weir's user may not see, so
 * one that is not among them is asked for by name. The cluster's event loop only.
 */
final class CanaryLogQuestion {
    private static final long EVERY_MILLIS = 5_000;

    private final Function<MetadataRequestData, Future<MetadataResponseData>> brokers;
    private final Consumer<CanaryLog> told;
    private final LongSupplier nowMillis;
    private long toldAtMillis;
    private @Nullable Future<Void> asking;

    /**
     * Makes one that has not asked yet.
     *
     * @param brokers asks any of them
     * @param told what they say
     * @param nowMillis tells how long ago something was
     */
    CanaryLogQuestion(
            Function<MetadataRequestData, Future<MetadataResponseData>> brokers,
            Consumer<CanaryLog> told,
            LongSupplier nowMillis) {
        this.brokers = brokers;
        this.told = told;
        this.nowMillis = nowMillis;
        this.toldAtMillis = nowMillis.getAsLong() - EVERY_MILLIS;
    }

    /**
     * Tells what there is to know; asks for it so often at most, and one question at a time. Fails when nobody answers, or with an answer that
     * says neither that it is there nor that it is not.
     *
     * @param listed whether it is among all topics
     */
    Future<Void> ask(boolean listed) {
        if (listed) {
            told.accept(CanaryLog.THERE);
            return Future.succeededFuture();
        }
        if (asking != null) {
            return asking;
        }
        if (nowMillis.getAsLong() - toldAtMillis < EVERY_MILLIS) {
            return Future.succeededFuture();
        }
        MetadataRequestTopic log = new MetadataRequestTopic().setName(ChangeTopics.LOG);
        Future<Void> question = brokers.apply(
                        new MetadataRequestData().setTopics(List.of(log)).setAllowAutoTopicCreation(false))
                .map(answer -> {
                    CanaryLog found = of(answer);
                    toldAtMillis = nowMillis.getAsLong();
                    told.accept(found);
                    return (Void) null;
                })
                .onComplete(done -> asking = null);
        asking = question.isComplete() ? null : question;
        return question;
    }

    private static CanaryLog of(MetadataResponseData answer) {
        Errors error = StreamSupport.stream(answer.topics().spliterator(), false)
                .filter(topic -> ChangeTopics.LOG.equals(topic.name()))
                .map(topic -> Errors.forCode(topic.errorCode()))
                .findFirst()
                .orElse(Errors.TOPIC_AUTHORIZATION_FAILED);
        return switch (error) {
            // without a leader at the moment, or with one that cannot be named here, it is there all the same
            case NONE, LEADER_NOT_AVAILABLE, LISTENER_NOT_FOUND, REPLICA_NOT_AVAILABLE -> CanaryLog.THERE;
            case UNKNOWN_TOPIC_OR_PARTITION -> CanaryLog.NOT_THERE;
            case TOPIC_AUTHORIZATION_FAILED -> CanaryLog.HIDDEN;
            default ->
                throw new KafkaException(
                        "asked for topic " + ChangeTopics.LOG + ", a broker answered " + error, error.exception());
        };
    }
}
