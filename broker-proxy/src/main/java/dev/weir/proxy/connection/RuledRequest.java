package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.Outcome;
import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.rule.RuledProduce;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A produce request whose records go through rules before it goes on. It owns the frame and the changed records.
 *
 * @param request its decoded body, whose records are views of the frame
 * @param authorized what its authorizer has said
 */
record RuledRequest(
        RequestFrame frame, RequestContext view, ApiMessage request, Outcome authorized, RuledProduce work) {

    /** What becomes of it, after the work. */
    Outcome outcome() {
        return work.outcome(authorized, view);
    }

    void release() {
        work.release();
        frame.release();
    }
}
