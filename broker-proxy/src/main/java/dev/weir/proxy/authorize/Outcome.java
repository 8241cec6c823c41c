package dev.weir.proxy.authorize;

import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** What becomes of one request. */
public sealed interface Outcome {

    /** The original bytes go upstream, and what comes back goes down as it arrives. */
    Outcome FORWARD = new Forward(null);

    /** All there was to do was done, nothing goes upstream, and the request has no response (Produce with {@code acks=0}). */
    Outcome DONE = new Done();

    record Done() implements Outcome {}

    /**
     * The original bytes go upstream.
     *
     * @param edit what is changed in the response, or {@code null}: it is streamed
     */
    record Forward(@Nullable ResponseEdit<?> edit) implements Outcome {}

    /**
     * The original bytes go upstream, and what comes back streams down under watch.
     */
    record Watch(ResponseWatch watch) implements Outcome {}

    /**
     * A changed request goes upstream.
     *
     * @param request the body to send, of the request's own version
     * @param edit what is changed in the response, or {@code null}: it is streamed
     */
    record Rewrite(ApiMessage request, @Nullable ResponseEdit<?> edit) implements Outcome {}

    /**
     * Weir answers; nothing goes upstream. The answer waits its turn behind earlier requests.
     *
     * @param quietMillis for how long the client is told to be quiet (KIP-219), and is not read
     */
    record Answer(ApiMessage response, int quietMillis) implements Outcome {
        public Answer(ApiMessage response) {
            this(response, 0);
        }
    }

    /**
     * The connection is closed: for a denied request that has no response (Produce with {@code acks=0}), and for what a
     * client may never send.
     *
     * @param reason for the log line, in words
     * @param last what still goes upstream before, or {@code null}: a request that has no response
     */
    record Close(String reason, @Nullable ApiMessage last) implements Outcome {
        Close(String reason) {
            this(reason, null);
        }
    }
}
