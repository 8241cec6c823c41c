package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/**
 * TxnOffsetCommit: names a transactional id, a group and topics. Needs Write on the transactional id, then Read on the
 * group, then Read on each topic. Without one of the first two, every partition carries that error; a refused topic's
 * partitions carry their own, ahead of those that the group coordinator answered.
 */
public final class TxnOffsetCommitAuthorizer implements ApiAuthorizer<TxnOffsetCommitRequestData> {

    @Override
    public Needs needs(short version) {
        return Needs.of(Operation.READ, Operation.READ, Operation.WRITE);
    }

    @Override
    public Outcome decide(TxnOffsetCommitRequestData request, RequestContext context) {
        if (!context.allowsTransactionalId(request.transactionalId(), Operation.WRITE)) {
            return refuseAll(request, Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return refuseAll(request, Errors.GROUP_AUTHORIZATION_FAILED);
        }
        List<TxnOffsetCommitRequestTopic> refused =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.name(), Operation.READ));
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(errors(refused).build().data());
        }
        ResponseEdit<TxnOffsetCommitResponseData> edit = (response, now) ->
                errors(refused).merge(response).build().data().setThrottleTimeMs(response.throttleTimeMs());
        return new Outcome.Rewrite(request, edit);
    }

    private static Outcome refuseAll(TxnOffsetCommitRequestData request, Errors error) {
        return new Outcome.Answer(TxnOffsetCommitRequest.getErrorResponse(request, error));
    }

    private static TxnOffsetCommitResponse.Builder errors(List<TxnOffsetCommitRequestTopic> refused) {
        TxnOffsetCommitResponse.Builder response = new TxnOffsetCommitResponse.Builder();
        for (TxnOffsetCommitRequestTopic topic : refused) {
            response.addPartitions(
                    topic.name(),
                    topic.partitions(),
                    TxnOffsetCommitRequestPartition::partitionIndex,
                    Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        return response;
    }
}
