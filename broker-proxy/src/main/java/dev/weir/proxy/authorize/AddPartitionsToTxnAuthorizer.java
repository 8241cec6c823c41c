package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * partitions say why, those of a topic that does not exist say {@code UNKNOWN_TOPIC_OR_PARTITION}, and the others say
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
        Map<String, Errors> errors = new HashMap<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            errors.put(topic.name(), check(topic.name(), context));
        }
        return errors.containsValue(Errors.TOPIC_AUTHORIZATION_FAILED) ? answer(request, errors) : Outcome.FORWARD;
    }

    private static Outcome refuse(AddPartitionsToTxnRequestData request, Errors error, RequestContext context) {
        return new Outcome.Answer(new AddPartitionsToTxnRequest(request, context.apiVersion())
                .getErrorResponse(0, error.exception())
                .data());
    }

    private static Errors check(String topic, RequestContext context) {
        if (Topic.isInternal(topic) || !context.allowsTopic(topic, Operation.WRITE)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return context.topicId(topic) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.OPERATION_NOT_ATTEMPTED;
    }

    private static Outcome answer(AddPartitionsToTxnRequestData request, Map<String, Errors> errors) {
        Map<TopicPartition, Errors> results = new LinkedHashMap<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            Errors error = errors.getOrDefault(topic.name(), Errors.OPERATION_NOT_ATTEMPTED);
            topic.partitions().forEach(partition -> results.put(new TopicPartition(topic.name(), partition), error));
        }
        return new Outcome.Answer(new AddPartitionsToTxnResponseData()
                .setResultsByTopicV3AndBelow(AddPartitionsToTxnResponse.resultForTransaction(
                                AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID, results)
                        .topicResults()));
    }
}
