package dev.weir.proxy.authorize;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Decides the requests of one API. Stateless, one instance per API; runs on the connection's event loop and never
 * blocks. All topic ids that the request names were resolved before, as far as the cluster knows them.
 *
 * @param <Q> the generated class of the request's body
 */
public interface ApiAuthorizer<Q extends ApiMessage> {

    /**
     * Decides one decoded request.
     *
     * @param request the body; it belongs to the callee, which may change it and return it in {@link Outcome.Rewrite}
     */
    Outcome decide(Q request, RequestContext context);

    /**
     * The needs that, when every one of them is met, let the request pass as the bytes it came in, without being
     * decoded. {@link Needs#DECODE} when this API always wants {@link #decide}.
     */
    default Needs needs(short version) {
        return Needs.DECODE;
    }
}
