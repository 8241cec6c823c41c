package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * AddPartitionsToTxn up to v3: names a transactional id and topics. Needs Write on all of them; Kafka's internal topics
 * are refused to everybody. It is all or nothing: with one topic refused, nothing goes to the broker, the refused
 * partitions say why, those that do not exist say {@code UNKNOWN_TOPIC_OR_PARTITION}, and the others say
 * {@code OPERATION_NOT_ATTEMPTED}.
 *
 * <p>From v4 on the request is a broker's, in batches, and is refused whatever policy says: the broker would take Weir's
 * word for every transaction and topic in it.
 */
public final class AddPartitionsToTxnAuthorizer implements ApiAuthorizer<AddPartitionsToTxnRequestData> {
    static final short CLIENT_VERSION_MAX = 3;

    @Override
    public Needs needs(short version) {
        return version > CLIENT_VERSION_MAX ? Needs.DECODE : Needs.of(Operation.WRITE, null, Operation.WRITE);
    }

    @Override
    public Outcome decide(AddPartitionsToTxnRequestData request, RequestContext context) {
        if (context.apiVersion() > CLIENT_VERSION_MAX) {
            return refuse(request, Errors.CLUSTER_AUTHORIZATION_FAILED, context);
        }
        if (!context.allowsTransactionalId(request.v3AndBelowTransactionalId(), Operation.WRITE)) {
            return refuse(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, context);
        }
        Set<String> refused = new HashSet<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            if (Topic.isInternal(topic.name()) || !context.allowsTopic(topic.name(), Operation.WRITE)) {
                refused.add(topic.name());
            }
        }
        return refused.isEmpty() ? Outcome.FORWARD : answer(request, refused, context);
    }

    private static Outcome refuse(AddPartitionsToTxnRequestData request, Errors error, RequestContext context) {
        return new Outcome.Answer(new AddPartitionsToTxnRequest(request, context.apiVersion())
                .getErrorResponse(0, error.exception())
                .data());
    }

    private static Outcome answer(AddPartitionsToTxnRequestData request, Set<String> refused, RequestContext context) {
        Map<TopicPartition, Errors> results = new LinkedHashMap<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            int partitions = context.partitionCount(topic.name());
            for (int partition : topic.partitions()) {
                Errors error = refused.contains(topic.name())
                        ? Errors.TOPIC_AUTHORIZATION_FAILED
                        : partition < 0 || partition >= partitions
                                ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                                : Errors.OPERATION_NOT_ATTEMPTED;
                results.put(new TopicPartition(topic.name(), partition), error);
            }
        }
        return new Outcome.Answer(new AddPartitionsToTxnResponseData()
                .setResultsByTopicV3AndBelow(AddPartitionsToTxnResponse.resultForTransaction(
                                AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID, results)
                        .topicResults()));
    }
}
