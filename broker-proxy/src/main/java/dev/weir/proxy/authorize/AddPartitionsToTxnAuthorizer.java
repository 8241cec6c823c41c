package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnRequest;

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
    private static final short CLIENT_VERSION_MAX = 3;

    @Override
    public Needs needs(short version) {
        return version > CLIENT_VERSION_MAX ? Needs.DECODE : Needs.of(Operation.WRITE, null, Operation.WRITE);
    }

    @Override
    public Outcome decide(AddPartitionsToTxnRequestData request, RequestContext context) {
        if (context.apiVersion() > CLIENT_VERSION_MAX) {
            return new Outcome.Answer(new AddPartitionsToTxnRequest(request, context.apiVersion())
                    .getErrorResponse(0, new ClusterAuthorizationException("for brokers only"))
                    .data());
        }
        if (!context.allowsTransactionalId(request.v3AndBelowTransactionalId(), Operation.WRITE)) {
            return answer(request, topic -> Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        Map<String, Errors> errors = new HashMap<>();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            errors.put(topic.name(), check(topic.name(), context));
        }
        return errors.containsValue(Errors.TOPIC_AUTHORIZATION_FAILED)
                ? answer(request, topic -> errors.getOrDefault(topic, Errors.OPERATION_NOT_ATTEMPTED))
                : Outcome.FORWARD;
    }

    private static Errors check(String topic, RequestContext context) {
        if (Topic.isInternal(topic) || !context.allowsTopic(topic, Operation.WRITE)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return context.topicId(topic) == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.OPERATION_NOT_ATTEMPTED;
    }

    private static Outcome answer(AddPartitionsToTxnRequestData request, Function<String, Errors> error) {
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        for (AddPartitionsToTxnTopic topic : request.v3AndBelowTopics()) {
            AddPartitionsToTxnTopicResult result = new AddPartitionsToTxnTopicResult().setName(topic.name());
            for (int partition : topic.partitions()) {
                result.resultsByPartition()
                        .add(new AddPartitionsToTxnPartitionResult()
                                .setPartitionIndex(partition)
                                .setPartitionErrorCode(error.apply(topic.name()).code()));
            }
            response.resultsByTopicV3AndBelow().add(result);
        }
        return new Outcome.Answer(response);
    }
}
