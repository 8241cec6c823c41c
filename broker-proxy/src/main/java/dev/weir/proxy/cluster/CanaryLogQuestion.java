package dev.weir.proxy.cluster;

import dev.weir.canary.kafka.ChangeTopics;
import dev.weir.proxy.canary.CanaryLog;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * Finds out whether a cluster has a log of canaries. A broker that is asked for all topics leaves out those that Weir's user may not see, so
 * one that is not among them is asked for by name. The cluster's event loop only.
 */
final class CanaryLogQuestion {
    private static final long EVERY_MILLIS = 5_000;

    private final ClusterClient client;
    private final Consumer<CanaryLog> told;
    private long askedAtMillis = Cluster.nowMillis() - EVERY_MILLIS;

    CanaryLogQuestion(ClusterClient client, Consumer<CanaryLog> told) {
        this.client = client;
        this.told = told;
    }

    /**
     * Tells what there is to know; asks for it every few seconds at most. Fails when nobody answers.
     *
     * @param listed whether it is among all topics
     */
    Future<Void> ask(boolean listed) {
        if (listed) {
            told.accept(CanaryLog.THERE);
            return Future.succeededFuture();
        }
        if (Cluster.nowMillis() - askedAtMillis < EVERY_MILLIS) {
            return Future.succeededFuture();
        }
        askedAtMillis = Cluster.nowMillis();
        MetadataRequestTopic log = new MetadataRequestTopic().setName(ChangeTopics.LOG);
        return client.metadata(new MetadataRequestData().setTopics(List.of(log)).setAllowAutoTopicCreation(false))
                .map(answer -> {
                    told.accept(of(answer));
                    return (Void) null;
                })
                .onFailure(unanswered -> askedAtMillis -= EVERY_MILLIS); // again with the next look
    }

    private static CanaryLog of(MetadataResponseData answer) {
        Errors error = StreamSupport.stream(answer.topics().spliterator(), false)
                .filter(topic -> ChangeTopics.LOG.equals(topic.name()))
                .map(topic -> Errors.forCode(topic.errorCode()))
                .findFirst()
                .orElse(Errors.TOPIC_AUTHORIZATION_FAILED);
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION -> CanaryLog.NOT_THERE;
            case TOPIC_AUTHORIZATION_FAILED -> CanaryLog.HIDDEN;
            default -> CanaryLog.THERE; // it has no leader at the moment, or the like
        };
    }
}
