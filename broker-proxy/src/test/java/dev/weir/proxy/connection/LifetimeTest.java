package dev.weir.proxy.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.proxy.config.ListenerLimits;
import dev.weir.proxy.connection.Lifetime.Overdue;
import org.junit.jupiter.api.Test;

final class LifetimeTest {
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final ListenerLimits LIMITS = ListenerLimits.DEFAULT;
    private static final long HANDSHAKE_NANOS = LIMITS.handshakeTimeoutMillis() * 1_000_000L;
    private static final long PARTIAL_NANOS = LIMITS.partialFrameTimeoutMillis() * 1_000_000L;

    /** {@code System.nanoTime()} may be anything, and overflow. */
    private static final long ACCEPTED_NANOS = Long.MAX_VALUE - 5 * SECOND_NANOS;

    private final Lifetime lifetime = new Lifetime(LIMITS, ACCEPTED_NANOS);

    @Test
    void aClientThatDoesNotAuthenticateIsOverdueAfterTheTimeForIt() {
        assertThat(overdue(HANDSHAKE_NANOS)).isEqualTo(Overdue.NOTHING);
        assertThat(overdue(HANDSHAKE_NANOS + 1)).isEqualTo(Overdue.AUTHENTICATION);
        lifetime.authenticated();
        assertThat(overdue(HANDSHAKE_NANOS + 1)).isEqualTo(Overdue.NOTHING);
    }

    @Test
    void aRequestThatStopsHalfwayIsOverdue() {
        lifetime.authenticated();
        assertThat(lifetime.overdue(ACCEPTED_NANOS, PARTIAL_NANOS, true)).isEqualTo(Overdue.NOTHING);
        assertThat(lifetime.overdue(ACCEPTED_NANOS, PARTIAL_NANOS + 1, true)).isEqualTo(Overdue.REQUEST);
    }

    @Test
    void aClientThatTakesNothingIsOverdueFiveMinutesAfterItLastDid() {
        lifetime.authenticated();
        assertThat(overdue(10 * SECOND_NANOS)).isEqualTo(Overdue.NOTHING);
        assertThat(stuck(310 * SECOND_NANOS)).isEqualTo(Overdue.NOTHING);
        assertThat(stuck(310 * SECOND_NANOS + 1)).isEqualTo(Overdue.CLIENT);
    }

    @Test
    void whatDrainsIsStillWatched() {
        lifetime.authenticated();
        lifetime.drain();
        assertThat(overdue(91 * SECOND_NANOS)).isEqualTo(Overdue.NOTHING);
        assertThat(stuck(391 * SECOND_NANOS + 1)).isEqualTo(Overdue.CLIENT);
    }

    @Test
    void itIsDrainedWhenNothingIsWaitedForAndEverythingIsAnswered() {
        assertThat(lifetime.isDrained(false, 0)).isFalse();
        lifetime.drain();
        assertThat(lifetime.isDrained(true, 0)).isFalse();
        assertThat(lifetime.isDrained(false, 1)).isFalse();
        assertThat(lifetime.isDrained(false, 0)).isTrue();
    }

    @Test
    void itIsAbandonedWhenTheClientIsGoneAndNothingOfItWaits() {
        assertThat(lifetime.isAbandoned(false)).isFalse();
        lifetime.clientGone();
        assertThat(lifetime.isAbandoned(true)).isFalse();
        assertThat(lifetime.isAbandoned(false)).isTrue();
    }

    @Test
    void itEndsOnceAndStaysEnded() {
        lifetime.authenticated();
        assertThat(lifetime.isOpen()).isTrue();
        assertThat(lifetime.close()).isTrue();
        assertThat(lifetime.close()).isFalse();
        lifetime.authenticated();
        assertThat(lifetime.isClosed()).isTrue();
        assertThat(lifetime.isOpen()).isFalse();
    }

    private Overdue overdue(long afterNanos) {
        return lifetime.overdue(ACCEPTED_NANOS + afterNanos, 0, true);
    }

    private Overdue stuck(long afterNanos) {
        return lifetime.overdue(ACCEPTED_NANOS + afterNanos, 0, false);
    }
}
