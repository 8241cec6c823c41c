package dev.weir.proxy.connection;

import io.vertx.core.Context;
import java.util.HashSet;
import java.util.Set;

/**
 * One event loop of the data path, and the connections that live on it. Its methods are for its own thread, except
 * {@link #context()}.
 */
public final class EventLoop {
    private static final long SWEEP_EVERY_MILLIS = 1_000;

    private final Context context;
    private final LoopResources resources;
    private final Set<Connection> connections = new HashSet<>();
    private long sweepTimer;
    private boolean draining;

    public EventLoop(Context context, Protocol protocol) {
        this.context = context;
        this.resources = LoopResources.create(protocol);
        context.runOnContext(ignored -> sweepTimer = context.owner().setPeriodic(SWEEP_EVERY_MILLIS, tick -> sweep()));
    }

    public Context context() {
        return context;
    }

    LoopResources resources() {
        return resources;
    }

    boolean isDraining() {
        return draining;
    }

    void opened(Connection connection) {
        connections.add(connection);
        if (draining) {
            connection.drain();
        }
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    private void sweep() {
        long nowNanos = System.nanoTime();
        for (Connection connection : connections.toArray(new Connection[0])) {
            connection.sweep(nowNanos);
        }
    }

    /** Lets every connection end after its last answer. */
    public void drain() {
        draining = true;
        for (Connection connection : connections.toArray(new Connection[0])) {
            connection.drain();
        }
    }

    /** Ends every connection now. */
    public void closeAll() {
        for (Connection connection : connections.toArray(new Connection[0])) {
            connection.shut();
        }
        context.owner().cancelTimer(sweepTimer);
    }
}
