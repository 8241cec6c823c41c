package dev.weir.proxy.connection;

import dev.weir.proxy.authorize.RequestContext;
import dev.weir.proxy.authorize.ResponseEdit;
import dev.weir.proxy.authorize.ResponseWatch;
import dev.weir.proxy.mirror.CapturedProduce;
import dev.weir.proxy.report.Sent;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Promise;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** One response that is owed. Its place in the queue is the place of its request (brokers answer in order). */
sealed interface Pending {

    /** One that the broker owes. */
    sealed interface FromBroker extends Pending {
        short apiKey();

        short version();

        int correlationId();
    }

    /**
     * A client's request that went upstream.
     *
     * @param context the request as its authorizer saw it, or {@code null} when there was no need to decode it
     * @param edit what is changed in the response, or {@code null}
     * @param watch who follows the response as it streams by, or {@code null}
     * @param fetching what the request fetches, or {@code null} when it is no fetch
     * @param sent what reports remember of the request, or {@code null}
     * @param throttleMillis for how long the client is told to be quiet; 0 for nothing
     * @param copies what is mirrored of the request once it is acknowledged, or {@code null}
     */
    record Upstream(
            short apiKey,
            short version,
            int correlationId,
            @Nullable RequestContext context,
            @Nullable ResponseEdit<?> edit,
            @Nullable ResponseWatch watch,
            @Nullable Fetching fetching,
            @Nullable Sent sent,
            int throttleMillis,
            @Nullable CapturedProduce copies)
            implements FromBroker {}

    /**
     * A request of Weir's own, among those of the client.
     *
     * @param answered gets the body of the response; fails when the connection ends before
     */
    record Own(short apiKey, short version, int correlationId, Promise<ApiMessage> answered) implements FromBroker {}

    /**
     * An answer made here, waiting for its turn.
     *
     * @param frame the whole response; released when it was written or dropped
     * @param thenClose whether the connection ends with it
     */
    record Answer(ByteBuf frame, boolean thenClose) implements Pending {}
}
