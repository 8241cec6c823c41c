package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * EndTxn: names a transactional id. Needs Write on it. The error is the response's own; producer id and epoch stay -1.
 */
public final class EndTxnAuthorizer implements ApiAuthorizer<EndTxnRequestData> {

    @Override
    public Needs needs(short version) {
        return Needs.of(null, null, Operation.WRITE);
    }

    @Override
    public Outcome decide(EndTxnRequestData request, RequestContext context) {
        return context.allowsTransactionalId(request.transactionalId(), Operation.WRITE)
                ? Outcome.FORWARD
                : new Outcome.Answer(
                        new EndTxnResponseData().setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code()));
    }
}
