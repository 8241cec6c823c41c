package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import dev.weir.policy.decide.ResourceType;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;

/**
 * ListTransactions: names nothing. The answer shows only those transactional ids on which the client has Describe.
 */
public final class ListTransactionsAuthorizer implements ApiAuthorizer<ListTransactionsRequestData> {
    private static final ResponseEdit<ListTransactionsResponseData> EDIT = (response, now) -> {
        response.transactionStates()
                .removeIf(transaction ->
                        !now.shows(ResourceType.TRANSACTIONAL_ID, transaction.transactionalId(), Operation.DESCRIBE));
        return response;
    };

    @Override
    public Outcome decide(ListTransactionsRequestData request, RequestContext context) {
        return new Outcome.Forward(EDIT);
    }
}
