package dev.weir.proxy.connection;

import dev.weir.proxy.rule.RuledFetch;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A response whose records go through rules before it goes down. It owns the frame and the changed records.
 *
 * @param frame all of it, brokers' addresses replaced
 * @param body decoded; its records are views of the frame
 */
record RuledResponse(Pending.Upstream response, ByteBuf frame, ApiMessage body, RuledFetch work) {

    void release() {
        work.release();
        frame.release();
    }
}
