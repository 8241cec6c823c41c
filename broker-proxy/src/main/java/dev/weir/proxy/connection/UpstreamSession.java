package dev.weir.proxy.connection;

import dev.weir.proxy.upstream.SessionTime;
import dev.weir.proxy.upstream.UpstreamConnector.AuthenticatedSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How long the broker takes one connection's credential, and the next log-in before that ends (KIP-368). Requests wait for
 * as long as it takes; those that are with the broker already are answered first. One event loop.
 */
final class UpstreamSession {
    private final Connection connection;
    private final Context context;
    private final Supplier<Future<Long>> logIn;
    private final Consumer<Throwable> refused;
    private long timer;
    private boolean timing;

    /**
     * Waits to begin.
     *
     * @param logIn logs in again, and gives how long that holds in milliseconds; 0 for ever
     * @param refused told when it fails
     */
    UpstreamSession(Connection connection, Context context, Supplier<Future<Long>> logIn, Consumer<Throwable> refused) {
        this.connection = connection;
        this.context = context;
        this.logIn = logIn;
        this.refused = refused;
    }

    /** The broker has taken a credential, for so long; see {@link AuthenticatedSocket#lifetimeMillis}. */
    void begun(long lifetimeMillis) {
        if (lifetimeMillis > 0) {
            timing = true;
            timer = context.owner().setTimer(SessionTime.usedMillis(lifetimeMillis), now -> again());
        }
    }

    private void again() {
        timing = false;
        if (!connection.isClosed()) {
            connection.await(logIn.get(), this::begun, refused);
        }
    }

    /** The connection has ended. */
    void end() {
        if (timing) {
            context.owner().cancelTimer(timer);
            timing = false;
        }
    }
}
