package dev.weir.proxy.connection;

import dev.weir.proxy.config.ListenerLimits;

/**
 * How far the life of a connection is, and when it must end. It only keeps time and says so: it touches no socket and no
 * buffer. One event loop.
 *
 * <pre>
 * AUTHENTICATING --authenticated--> OPEN --closed--> CLOSED      it never goes back
 *                                    |
 *                                    +-- draining: no more requests, the answers in flight, then closed
 *                                    +-- client gone: what it sent whole, no answers, then closed
 * </pre>
 */
final class Lifetime {
    private static final long STUCK_NANOS = 300_000_000_000L;

    private enum Phase {
        AUTHENTICATING,
        OPEN,
        CLOSED
    }

    /** What was waited for too long. */
    enum Overdue {
        NOTHING,
        AUTHENTICATION,
        /** The rest of a request. */
        REQUEST,
        /** The client takes no answers. */
        CLIENT
    }

    private final ListenerLimits limits;
    private final long acceptedNanos;
    private long writableNanos;
    private Phase phase = Phase.AUTHENTICATING;
    private boolean draining;
    private boolean cut;
    private boolean clientGone;

    Lifetime(ListenerLimits limits, long acceptedNanos) {
        this.limits = limits;
        this.acceptedNanos = acceptedNanos;
        this.writableNanos = acceptedNanos;
    }

    boolean isAuthenticated() {
        return phase != Phase.AUTHENTICATING;
    }

    boolean isOpen() {
        return phase == Phase.OPEN;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    boolean isDraining() {
        return draining;
    }

    boolean isCut() {
        return cut;
    }

    boolean isClientGone() {
        return clientGone;
    }

    /** The client is who it says. */
    void authenticated() {
        if (phase == Phase.AUTHENTICATING) {
            phase = Phase.OPEN;
        }
    }

    void drain() {
        draining = true;
    }

    /** It takes nothing more, whatever has come already. */
    void cut() {
        cut = true;
    }

    void clientGone() {
        clientGone = true;
    }

    /** Whether nothing more comes, and everything was answered. */
    boolean isDrained(boolean waiting, int inFlight) {
        return draining && !waiting && inFlight == 0;
    }

    /** Whether the client has closed, and what it had sent was passed on. */
    boolean isAbandoned(boolean waiting) {
        return clientGone && !waiting;
    }

    /** Ends it; {@code false} when it had ended before. */
    boolean close() {
        if (phase == Phase.CLOSED) {
            return false;
        }
        phase = Phase.CLOSED;
        return true;
    }

    /**
     * Says what was waited for too long.
     *
     * @param requestStalledNanos since when nothing came of a request that has begun; 0 when none has
     * @param writable whether the client takes bytes at the moment
     */
    Overdue overdue(long nowNanos, long requestStalledNanos, boolean writable) {
        if (writable) {
            writableNanos = nowNanos;
        }
        if (!isAuthenticated() && nowNanos - acceptedNanos > nanos(limits.handshakeTimeoutMillis())) {
            return Overdue.AUTHENTICATION;
        }
        if (requestStalledNanos > nanos(limits.partialFrameTimeoutMillis())) {
            return Overdue.REQUEST;
        }
        return nowNanos - writableNanos > STUCK_NANOS ? Overdue.CLIENT : Overdue.NOTHING;
    }

    private static long nanos(long millis) {
        return millis * 1_000_000L;
    }
}
