package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * InitProducerId: names a transactional id, or none for a producer that is only idempotent. Needs Write on the id, and
 * TwoPhaseCommit with it when that is asked for (KIP-939); without an id, IdempotentWrite on the cluster or Write on any
 * topic at all (KIP-679). The error is the response's own; producer id and epoch are -1.
 */
public final class InitProducerIdAuthorizer implements ApiAuthorizer<InitProducerIdRequestData> {

    @Override
    public Outcome decide(InitProducerIdRequestData request, RequestContext context) {
        String transactionalId = request.transactionalId();
        if (transactionalId == null) {
            return mayWriteSomething(context) ? Outcome.FORWARD : refuse(Errors.CLUSTER_AUTHORIZATION_FAILED);
        }
        boolean allowed = context.allowsTransactionalId(transactionalId, Operation.WRITE)
                && (!request.enable2Pc() || context.allowsTransactionalId(transactionalId, Operation.TWO_PHASE_COMMIT));
        return allowed ? Outcome.FORWARD : refuse(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }

    /** Asks the cluster twice: silently at first, because most producers only have their topics. */
    private static boolean mayWriteSomething(RequestContext context) {
        return context.shows(ResourceType.CLUSTER, ResourceType.CLUSTER_NAME, Operation.IDEMPOTENT_WRITE)
                || context.allowsAny(ResourceType.TOPIC, Operation.WRITE)
                || context.allowsCluster(Operation.IDEMPOTENT_WRITE);
    }

    private static Outcome refuse(Errors error) {
        return new Outcome.Answer(new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH));
    }
}
