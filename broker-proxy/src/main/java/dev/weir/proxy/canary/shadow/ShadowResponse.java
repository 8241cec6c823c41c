package dev.weir.proxy.canary.shadow;

import dev.weir.canary.Shadow;
import dev.weir.policy.decide.Names;
import dev.weir.policy.decide.ShadowLimits;
import dev.weir.proxy.authorize.RequestContext;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Gives the answer to a shadow the client's names again.
 *
 * @param topics those of its names that brokers know by another one
 */
record ShadowResponse(ShadowLimits limits, Set<String> topics) {

    void restore(ApiMessage response, RequestContext context) {
        if (response instanceof ProduceResponseData produced) {
            Moved.rename(produced.responses(), topic -> topic.setName(own(topic.name())), topic -> isOwn(topic.name()));
        } else if (response instanceof MetadataResponseData metadata) {
            restore(metadata, context);
        } else if (response instanceof AddPartitionsToTxnResponseData added) {
            Moved.rename(
                    added.resultsByTopicV3AndBelow(),
                    topic -> topic.setName(own(topic.name())),
                    topic -> isOwn(topic.name()));
        } else if (response instanceof FindCoordinatorResponseData found) {
            found.coordinators().forEach(coordinator -> coordinator.setKey(ownId(coordinator.key())));
        } else if (response instanceof DescribeTransactionsResponseData described) {
            described.transactionStates().forEach(state -> {
                state.setTransactionalId(ownId(state.transactionalId()));
                Moved.rename(
                        state.topics(),
                        topic -> topic.setTopic(own(topic.topic())),
                        topic -> limits.ofBroker(topic.topic()) != null);
            });
        } else if (response instanceof ListTransactionsResponseData listed) {
            listed.transactionStates().removeIf(state -> !isOwnId(state.transactionalId()));
            listed.transactionStates().forEach(state -> state.setTransactionalId(ownId(state.transactionalId())));
        } else {
            restoreLookedAt(response);
        }
    }

    private void restoreLookedAt(ApiMessage response) {
        if (response instanceof ListOffsetsResponseData listed) {
            listed.topics().stream()
                    .filter(topic -> isOwn(topic.name()))
                    .forEach(topic -> topic.setName(own(topic.name())));
        } else if (response instanceof DescribeTopicPartitionsResponseData described) {
            described.topics().removeIf(topic -> topic.name() != null && topics.contains(topic.name()));
            Moved.rename(described.topics(), topic -> topic.setName(own(topic.name())), topic -> isOwn(topic.name()));
            DescribeTopicPartitionsResponseData.Cursor next = described.nextCursor();
            if (next != null && isOwn(next.topicName())) {
                next.setTopicName(own(next.topicName()));
            }
        } else if (response instanceof DescribeConfigsResponseData described) {
            described.results().stream()
                    .filter(result ->
                            result.resourceType() == ConfigResource.Type.TOPIC.id() && isOwn(result.resourceName()))
                    .forEach(result -> result.setResourceName(own(result.resourceName())));
        }
    }

    /** Topics that get what the client writes go by the client's names; those that have these names are not shown. */
    private void restore(MetadataResponseData metadata, RequestContext context) {
        metadata.topics().removeIf(topic -> topic.name() != null && topics.contains(topic.name()));
        Moved.rename(metadata.topics(), topic -> topic.setName(own(topic.name())), topic -> isOwn(topic.name()));
        for (MetadataResponseTopic topic : metadata.topics()) {
            if (topic.errorCode() == Errors.UNKNOWN_TOPIC_OR_PARTITION.code() && topics.contains(topic.name())) {
                context.warn(
                        "shadow-topic-missing",
                        "there is no topic " + Shadow.topic(topic.name()),
                        "the shadow of a canary has nowhere to write to");
            }
        }
    }

    private boolean isOwn(@Nullable String name) {
        String own = name == null ? null : limits.ofBroker(name);
        return own != null && topics.contains(own);
    }

    private String own(String name) {
        String own = limits.ofBroker(name);
        return own == null ? name : own;
    }

    private static boolean isOwnId(String transactionalId) {
        return transactionalId.endsWith(Names.RESERVED_SUFFIX);
    }

    private static String ownId(String transactionalId) {
        return isOwnId(transactionalId)
                ? transactionalId.substring(0, transactionalId.length() - Names.RESERVED_SUFFIX.length())
                : transactionalId;
    }
}
