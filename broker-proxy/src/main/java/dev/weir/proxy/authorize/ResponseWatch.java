package dev.weir.proxy.authorize;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Follows the response to a request that passed as it was: what was right to ask may not be right to answer any more. */
public interface ResponseWatch {

    /**
     * Asked when the response begins: the edit that it needs now, because policy changed since the request, or
     * {@code null} when it may stream.
     */
    @Nullable
    ResponseEdit<?> editNow();

    /** The fetch session that the broker answers in; 0 for none. */
    default void session(int sessionId) {}

    /** Asked before each topic of a streaming response goes on; {@code false} ends the connection there. */
    boolean mayPass(String topicName);

    /** As {@link #mayPass(String)}, for a topic that the response names by its id. */
    boolean mayPass(Uuid topicId);
}
