package dev.weir.proxy.upstream;

import io.vertx.core.Future;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** Weir's own questions to one broker: on a connection of their own, or among those of a client. On its event loop, unless it says otherwise. */
@FunctionalInterface
public interface BrokerConversation {
    /**
     * Sends one request. Fails with {@link UpstreamException} when the connection breaks before the response.
     *
     * @param type the generated class of the response
     */
    <S extends ApiMessage> Future<S> send(ApiKeys api, short version, ApiMessage request, Class<S> type);
}
