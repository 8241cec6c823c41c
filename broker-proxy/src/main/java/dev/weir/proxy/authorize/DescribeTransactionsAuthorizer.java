package dev.weir.proxy.authorize;

import dev.weir.policy.decide.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeTransactions: names transactional ids. Needs Describe on each; a refused one carries its error, in the order of
 * the request. The answer names topics that nobody asked for by name: those without Describe are left out of it.
 */
public final class DescribeTransactionsAuthorizer implements ApiAuthorizer<DescribeTransactionsRequestData> {

    @Override
    public Outcome decide(DescribeTransactionsRequestData request, RequestContext context) {
        List<String> allowed = new ArrayList<>();
        SortedMap<Integer, TransactionState> refused = new TreeMap<>();
        for (String transactionalId : request.transactionalIds()) {
            if (context.allowsTransactionalId(transactionalId, Operation.DESCRIBE)) {
                allowed.add(transactionalId);
            } else {
                refused.put(allowed.size() + refused.size(), refuse(transactionalId));
            }
        }
        if (allowed.isEmpty() && !refused.isEmpty()) {
            return new Outcome.Answer(
                    new DescribeTransactionsResponseData().setTransactionStates(new ArrayList<>(refused.values())));
        }
        ResponseEdit<DescribeTransactionsResponseData> edit = (response, now) -> {
            for (TransactionState transaction : response.transactionStates()) {
                transaction.topics().removeIf(topic -> !now.showsTopic(topic.topic(), Operation.DESCRIBE));
            }
            return response.setTransactionStates(Split.interleave(response.transactionStates(), refused));
        };
        return refused.isEmpty()
                ? new Outcome.Forward(edit)
                : new Outcome.Rewrite(request.setTransactionalIds(allowed), edit);
    }

    private static TransactionState refuse(String transactionalId) {
        return new TransactionState()
                .setTransactionalId(transactionalId)
                .setErrorCode(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
    }
}
