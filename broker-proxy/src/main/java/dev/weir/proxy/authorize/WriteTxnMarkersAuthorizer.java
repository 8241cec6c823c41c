package dev.weir.proxy.authorize;

import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * WriteTxnMarkers: how a transaction coordinator commits or aborts in the logs of other brokers. Never through a
 * listener, whatever policy says; every partition carries {@code CLUSTER_AUTHORIZATION_FAILED}. (Kafka also takes it from
 * an administrator who aborts a hanging transaction, KIP-664: that is done at the brokers.)
 */
public final class WriteTxnMarkersAuthorizer implements ApiAuthorizer<WriteTxnMarkersRequestData> {

    @Override
    public Outcome decide(WriteTxnMarkersRequestData request, RequestContext context) {
        return Refusal.answer(
                ApiKeys.WRITE_TXN_MARKERS, request, context.apiVersion(), Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
}
