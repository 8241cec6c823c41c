package dev.weir.proxy.authorize;

import org.apache.kafka.common.message.DeleteShareGroupStateResponseData;
import org.apache.kafka.common.message.InitializeShareGroupStateResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * APIs that brokers use among themselves and that are there on every listener: never through Weir, whatever policy says.
 * The answer is that of Kafka to a client without ClusterAction, {@code CLUSTER_AUTHORIZATION_FAILED}.
 */
final class InterBrokerAuthorizer implements ApiAuthorizer<ApiMessage> {
    private final ApiKeys api;

    InterBrokerAuthorizer(ApiKeys api) {
        this.api = api;
    }

    @Override
    public Outcome decide(ApiMessage request, RequestContext context) {
        Outcome refusal = Refusal.answer(api, request, context.apiVersion(), Errors.CLUSTER_AUTHORIZATION_FAILED);
        if (refusal instanceof Outcome.Answer answer) {
            addMessage(answer.response());
        }
        return refusal;
    }

    /** In the two answers where Kafka's request classes leave it out and its brokers do not. */
    private static void addMessage(ApiMessage response) {
        String message = Errors.CLUSTER_AUTHORIZATION_FAILED.message();
        if (response instanceof InitializeShareGroupStateResponseData initialized) {
            initialized
                    .results()
                    .forEach(topic -> topic.partitions().forEach(partition -> partition.setErrorMessage(message)));
        } else if (response instanceof DeleteShareGroupStateResponseData deleted) {
            deleted.results()
                    .forEach(topic -> topic.partitions().forEach(partition -> partition.setErrorMessage(message)));
        }
    }
}
