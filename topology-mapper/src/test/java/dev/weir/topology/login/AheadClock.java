package dev.weir.topology.login;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** The system's clock, put ahead. */
final class AheadClock extends Clock {
    private final AtomicLong aheadMillis = new AtomicLong();

    void ahead(long millis) {
        aheadMillis.set(millis);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public Instant instant() {
        return Instant.now().plusMillis(aheadMillis.get());
    }
}
