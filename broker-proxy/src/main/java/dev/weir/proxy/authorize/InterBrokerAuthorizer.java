package dev.weir.proxy.authorize;

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
        return Refusal.answer(api, request, context.apiVersion(), Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
}
