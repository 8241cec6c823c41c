package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

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
            return new Outcome.Answer(errors(request.topics(), Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return new Outcome.Answer(errors(request.topics(), Errors.GROUP_AUTHORIZATION_FAILED));
        }
        List<TxnOffsetCommitRequestTopic> refused =
                Split.takeOut(request.topics(), topic -> context.allowsTopic(topic.name(), Operation.READ));
        if (refused.isEmpty()) {
            return Outcome.FORWARD;
        }
        TxnOffsetCommitResponseData refusal = errors(refused, Errors.TOPIC_AUTHORIZATION_FAILED);
        if (request.topics().isEmpty()) {
            return new Outcome.Answer(refusal);
        }
        ResponseEdit<TxnOffsetCommitResponseData> edit = (response, now) -> {
            List<TxnOffsetCommitResponseTopic> merged = new ArrayList<>(refusal.topics());
            merged.addAll(response.topics());
            return response.setTopics(merged);
        };
        return new Outcome.Rewrite(request, edit);
    }

    private static TxnOffsetCommitResponseData errors(List<TxnOffsetCommitRequestTopic> topics, Errors error) {
        TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
        for (TxnOffsetCommitRequestTopic topic : topics) {
            TxnOffsetCommitResponseTopic result = new TxnOffsetCommitResponseTopic().setName(topic.name());
            topic.partitions()
                    .forEach(partition -> result.partitions()
                            .add(new TxnOffsetCommitResponsePartition()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(error.code())));
            response.topics().add(result);
        }
        return response;
    }
}
