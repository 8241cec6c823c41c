package dev.weir.proxy.connection;

import dev.weir.proxy.rule.RuledFetch;
import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A response whose records go through rules before it goes down. It owns the frame and the changed records.
 *
 * @param frame all of it, brokers' addresses replaced
 * @param body decoded; its records are views of the frame
 * @param cameNanos when it had come
 */
record RuledResponse(Pending.Upstream response, ByteBuf frame, ApiMessage body, RuledFetch work, long cameNanos) {
    /** However long a client waits: its policy may change, and Weir may stop. */
    private static final long WAIT_MILLIS_MAX = 1_000;

    static RuledResponse now(Pending.Upstream response, ByteBuf frame, ApiMessage body, RuledFetch work) {
        return new RuledResponse(response, frame, body, work, System.nanoTime());
    }

    /** For how long it may still wait for news; 0 or less when its time is over. */
    long leftMillis() {
        Fetching fetching = response.fetching();
        long waitMillis = fetching == null ? 0 : Math.min(fetching.waitMillisMax(), WAIT_MILLIS_MAX);
        return waitMillis - (System.nanoTime() - cameNanos) / 1_000_000;
    }

    void release() {
        work.release();
        frame.release();
    }
}
