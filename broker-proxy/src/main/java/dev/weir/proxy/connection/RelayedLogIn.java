package dev.weir.proxy.connection;

import dev.weir.proxy.telemetry.UpstreamFailure;
import dev.weir.proxy.upstream.BrokerClient;
import dev.weir.proxy.upstream.BrokerConversation;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import dev.weir.proxy.upstream.UpstreamException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * The broker that a client logs in at by itself: connected to with the client's first message, and the client's from the broker's
 * yes on. Later log-ins go among the client's requests. Any thread may ask; all else is on the connection's event loop.
 */
final class RelayedLogIn implements BrokerConversation {
    private final UpstreamTarget target;
    private final BrokerConversation inUse;
    private final Context context;
    private @Nullable Future<BrokerClient> opening;
    private boolean taken;
    private boolean closed;

    /**
     * Connects to nobody yet.
     *
     * @param inUse asks the broker among the client's requests, once the connection is {@link #take taken}
     */
    RelayedLogIn(UpstreamTarget target, BrokerConversation inUse, Context context) {
        this.target = target;
        this.inUse = inUse;
        this.context = context;
    }

    @Override
    public <S extends ApiMessage> Future<S> send(ApiKeys api, short version, ApiMessage request, Class<S> type) {
        Promise<S> answered = Promise.promise();
        context.runOnContext(ignored -> broker().compose(broker -> broker.send(api, version, request, type))
                .onComplete(answered));
        return answered.future();
    }

    private Future<? extends BrokerConversation> broker() {
        if (closed) {
            return Future.failedFuture(new UpstreamException(UpstreamFailure.CLOSED, "the connection is closed"));
        }
        if (taken) {
            return Future.succeededFuture(inUse);
        }
        Future<BrokerClient> known = opening;
        if (known == null) {
            known = target.converse();
            opening = known;
            known.onSuccess(client -> {
                if (closed) {
                    client.close();
                }
            });
        }
        return known;
    }

    /** The client is in: its broker's socket; {@code null} when it did not log in at one. Only once. */
    @Nullable
    AuthenticatedSocket take() {
        Future<BrokerClient> known = opening;
        if (known == null) {
            return null;
        }
        if (taken || !known.succeeded()) {
            throw new IllegalStateException("no broker has taken the client");
        }
        taken = true;
        // the client renews the session itself
        return new AuthenticatedSocket(known.result().release(), 0);
    }

    /** The client is gone. */
    void close() {
        closed = true;
        Future<BrokerClient> known = opening;
        if (!taken && known != null && known.succeeded()) {
            known.result().close();
        }
    }
}
