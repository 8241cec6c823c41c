package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.RequestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Produce: names topics, by name or from v13 by id, and perhaps a transactional id.
 *
 * <p>Needs Write on each topic, and Write on the transactional id if a batch is transactional. An idempotent write needs
 * nothing more (KIP-679). Errors go to each partition of the refused topic; without the transactional id, to every
 * partition. What is refused never leaves Weir; the rest goes on, and its answer gets the refused partitions added.
 *
 * <p>With {@code acks=0} there is no answer to carry an error, so a request with anything refused in it closes the
 * connection, once the rest has gone on: Kafka closes too, after it has appended the rest.
 */
public final class ProduceAuthorizer implements ApiAuthorizer<ProduceRequestData> {

    /** A null transactional id under transactional batches is refused by the broker itself, whoever asks. */
    @Override
    public Needs needs(short version) {
        return Needs.of(Operation.WRITE, null, Operation.WRITE);
    }

    @Override
    public Outcome decide(ProduceRequestData request, RequestContext context) {
        try {
            if (!mayUseTransaction(request, context)) {
                return refuseAll(request, new ApiError(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, null));
            }
        } catch (ApiException e) {
            // a batch too broken to tell whether it is transactional
            return refuseAll(request, ApiError.fromThrowable(e));
        }
        RefusedPartitions refused = new RefusedPartitions();
        Split.takeOut(request.topicData(), topic -> {
            Errors error = check(topic, context);
            if (error != Errors.NONE) {
                refused.add(topic, new ApiError(error, null));
            }
            return error == Errors.NONE;
        });
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.acks() == 0) {
            return refused.closed(request);
        }
        if (request.topicData().isEmpty()) {
            return new Outcome.Answer(refused.mergeInto(new ProduceResponseData()));
        }
        ResponseEdit<ProduceResponseData> edit = (response, now) -> refused.mergeInto(response);
        return new Outcome.Rewrite(request, edit);
    }

    private static boolean mayUseTransaction(ProduceRequestData request, RequestContext context) {
        if (!RequestUtils.hasTransactionalRecords(new ProduceRequest(request, context.apiVersion()))) {
            return true;
        }
        String transactionalId = request.transactionalId();
        return transactionalId != null && context.allowsTransactionalId(transactionalId, Operation.WRITE);
    }

    private static Errors check(TopicProduceData topic, RequestContext context) {
        String name = topic.name();
        if (context.apiVersion() >= 13) {
            // an id that the cluster does not have here must not go on: it could be any topic by the time it arrives
            name = nameOf(topic.topicId(), context);
            if (name == null) {
                return Errors.UNKNOWN_TOPIC_ID;
            }
        }
        return context.allowsTopic(name, Operation.WRITE) ? Errors.NONE : Errors.TOPIC_AUTHORIZATION_FAILED;
    }

    private static @Nullable String nameOf(Uuid topicId, RequestContext context) {
        return topicId.equals(Uuid.ZERO_UUID) ? null : context.topicName(topicId);
    }

    private static Outcome refuseAll(ProduceRequestData request, ApiError error) {
        RefusedPartitions refused = new RefusedPartitions();
        request.topicData().forEach(topic -> refused.add(topic, error));
        return request.acks() == 0
                ? refused.closed(request.setTopicData(new ProduceRequestData.TopicProduceDataCollection()))
                : new Outcome.Answer(refused.mergeInto(new ProduceResponseData()));
    }
}
