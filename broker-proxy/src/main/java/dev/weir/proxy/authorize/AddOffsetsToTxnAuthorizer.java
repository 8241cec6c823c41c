package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * AddOffsetsToTxn: names a transactional id and a group. Needs Write on the one, then Read on the other. The error is
 * the response's own.
 */
public final class AddOffsetsToTxnAuthorizer implements ApiAuthorizer<AddOffsetsToTxnRequestData> {

    @Override
    public Needs needs(short version) {
        return Needs.of(null, Operation.READ, Operation.WRITE);
    }

    @Override
    public Outcome decide(AddOffsetsToTxnRequestData request, RequestContext context) {
        if (!context.allowsTransactionalId(request.transactionalId(), Operation.WRITE)) {
            return refuse(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        }
        if (!context.allowsGroup(request.groupId(), Operation.READ)) {
            return refuse(Errors.GROUP_AUTHORIZATION_FAILED);
        }
        return Outcome.FORWARD;
    }

    private static Outcome refuse(Errors error) {
        return new Outcome.Answer(new AddOffsetsToTxnResponseData().setErrorCode(error.code()));
    }
}
