package dev.weir.proxy.authorize;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * Create, Renew, Expire and DescribeDelegationToken. A token is one for the principal that the broker sees, so with
 * upstream credentials that all clients share it would be one for Weir: refused with
 * {@code DELEGATION_TOKEN_REQUEST_NOT_ALLOWED}, as Kafka refuses connections that cannot vouch for who asks. With
 * credentials per client the broker sees the right principal and decides.
 */
final class DelegationTokenAuthorizer implements ApiAuthorizer<ApiMessage> {
    private final ApiKeys api;

    DelegationTokenAuthorizer(ApiKeys api) {
        this.api = api;
    }

    @Override
    public Outcome decide(ApiMessage request, RequestContext context) {
        return context.sharedUpstreamCredentials()
                ? Refusal.answer(api, request, context.apiVersion(), Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED)
                : Outcome.FORWARD;
    }
}
